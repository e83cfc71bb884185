"""Run many small places in one process and print the memory it keeps: a program for test_memory.

`python -m tests.simulation.memory_runs RUNS EVERY KEPT` makes RUNS runs, half of them places with their agents, half
forks of these, and prints a line "runs bytes" each EVERY runs. Then it makes KEPT runs whose places it holds on to, as
a leak would, and prints ten such lines more.

A model and its agents refer to one another, so Python frees them when it next collects its garbage; the program
collects before it measures.
"""

import gc
import sys

from simulation.place import Place
from simulation.scenario import PlaceFile, Scenario, Structure, load_route
from simulation.scenario.place import Generated, Network
from tests.simulation.memory import resident_bytes


def small_scenario() -> Scenario:
    """Return four organisations, all tied, with a partner at work for two months."""
    generated = Generated(organisations=4, network=Network(kind="complete"))
    return Scenario(
        place=PlaceFile(name="small", generated=generated),
        structure=Structure(burn_in_months=1),
        route=load_route("blended"),
        months=2,
    )


def make_runs(first: int, last: int, every: int, kept: list[Place] | None = None) -> None:
    """Make runs, half of them forks, and print what memory they leave behind."""
    scenario = small_scenario()
    for run in range(first, last + 1, 2):
        place = Place(scenario, seed=run)
        place.step()
        place.fork().run(2)
        place.run(2)
        if kept is not None:
            kept.append(place)
        if run % every == 0:
            gc.collect()
            print(run, resident_bytes(), flush=True)


def main(runs: int, every: int, kept: int) -> None:
    """Make the runs that are let go, and then those that are kept."""
    make_runs(0, runs, every)
    make_runs(runs + 2, runs + kept, kept // 10, [])


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
