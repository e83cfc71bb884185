"""Run a place of many organisations and print the most memory it took: a program for test_scale.

`python -m tests.simulation.scale_run ORGANISATIONS MONTHS DETAIL` prints "bytes seconds practice".
"""

import sys
import time

from simulation.place import Place
from simulation.scenario import PlaceFile, Scenario, load_route
from simulation.scenario.place import Generated
from tests.simulation.memory import peak_bytes


def main(organisations: int, months: int, detail: str) -> None:
    """Run a generated place with its agents, a month by step and the others in the compiled loop."""
    scenario = Scenario(
        place=PlaceFile(name="large", generated=Generated(organisations=organisations)),
        route=load_route("blended"),
        settings={"partner_days": 20 * organisations / 30},
        months=months,
    )
    begun = time.perf_counter()
    place = Place(scenario, seed=1, detail=detail)
    place.step()
    place.run(place.course.last_month - 1)
    seconds = time.perf_counter() - begun
    assert len(place.organisations) == organisations
    print(peak_bytes(), f"{seconds:.2f}", place.trajectory["practice"][-1])


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
