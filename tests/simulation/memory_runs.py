"""Run many small places, or one large one, in one process and print the memory it takes: a program for test_memory.

`python -m tests.simulation.memory_runs RUNS EVERY KEPT` makes RUNS runs, half of them places with their agents, half
forks of these, and prints a line "runs bytes" each EVERY runs. Then it makes KEPT runs whose places it holds on to, as
a leak would, and prints ten such lines more. A model and its agents refer to one another, so Python frees them when it
next collects its garbage; the program collects before it measures.

`python -m tests.simulation.memory_runs ORGANISATIONS MONTHS` runs one place and prints "most-bytes practice".
"""

import gc
import resource
import sys
from pathlib import Path

from simulation.place import Place
from simulation.scenario import PlaceFile, Scenario, Structure, load_route
from simulation.scenario.place import Generated, Network

STATUS = Path("/proc/self/status")


def memory(entry: str) -> int:
    """Return bytes in use (VmRSS) or the most of this process (VmHWM); but for Linux, the most ever in use."""
    if STATUS.exists():
        return 1024 * int(STATUS.read_text().split(f"{entry}:")[1].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


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
            print(run, memory("VmRSS"), flush=True)


def run_large(organisations: int, months: int) -> None:
    """Run a generated place with its agents, a month by step and the others in the compiled loop."""
    scenario = Scenario(
        place=PlaceFile(name="large", generated=Generated(organisations=organisations)),
        route=load_route("blended"),
        settings={"partner_days": 20 * organisations / 30},
        months=months,
    )
    place = Place(scenario, seed=1, detail="months")
    place.step()
    place.run(place.course.last_month - 1)
    assert len(place.organisations) == organisations
    print(memory("VmHWM"), place.trajectory["practice"][-1])


def make_many(runs: int, every: int, kept: int) -> None:
    """Make the runs that are let go, and then those that are kept."""
    make_runs(0, runs, every)
    make_runs(runs + 2, runs + kept, kept // 10, [])


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    (run_large if len(given) == 2 else make_many)(*given)
