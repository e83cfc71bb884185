"""Make a small sweep and a small map when somebody asks for them, in a temporary folder that goes with the server."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from dashboard.sweeping.shelf import EXAMPLE, EXAMPLE_MAP, Entry, Kind

if TYPE_CHECKING:
    from experiments.mapping.design import MapPlan
    from experiments.sweep_work import Work

SCENARIO, ROUTES = "generated", ("manifesto-led", "prototype-led")
POINTS, SEEDS = 64, 2
FACTORS = ("initial_pressure", "initial_trust", "trust_gain", "partner_days", "slip_back")
STEPS, MOST_PAIRS = 5, 20
KINDS: dict[str, Kind] = {EXAMPLE: "sweep", EXAMPLE_MAP: "map"}
TITLES = {
    EXAMPLE: f"Example sweep: {POINTS} points of five numbers",
    EXAMPLE_MAP: f"Example map: {STEPS} by {STEPS} cells",
}


class StoppedError(Exception):
    """Somebody stopped the making."""


@dataclass
class Making:
    """An example on its way, the same for all visitors."""

    name: str
    number: int
    done: int = 0
    total: int = 0
    over: bool = False
    stopped: bool = False
    words: str = ""
    """Why there is none."""

    def stop(self) -> None:
        """Stop within a fraction of a second, after the runs at hand."""
        self.stopped = True

    def tell(self, progress: Any) -> None:
        """Hear how far it is. Raises StoppedError where it is not wanted any more."""
        self.done, self.total = progress.done, progress.total
        if self.stopped:
            raise StoppedError


_making: dict[str, Making] = {}
_numbers = count(1)
_lock = threading.Lock()
_place: list[TemporaryDirectory[str]] = []


def example(name: str) -> Entry | None:
    """Return an example that is made, or being made with something to see; None before that."""
    making = _making.get(name)
    if making is None or making.stopped or not _place:
        return None
    folder = _folder(name, making)
    there = (folder / ("sweep.json" if KINDS[name] == "sweep" else "map.json")).is_file()
    return Entry(name, KINDS[name], folder, TITLES[name]) if there else None


def making_of(name: str) -> Making | None:
    """Return how far an example is, None where nobody has asked for it."""
    return _making.get(name)


def make(name: str) -> Making:
    """Make an example aside, or return the one that is made or on its way."""
    with _lock:
        making = _making.get(name)
        if making is None or making.stopped or making.words:
            if not _place:
                _place.append(TemporaryDirectory(prefix="behaviours-example-"))
            making = _making[name] = Making(name, next(_numbers))
            threading.Thread(target=_run, args=(making,), name=f"making {name}", daemon=True).start()
        return making


def sweep_work() -> "Work":
    """Return the plan of the example sweep."""
    from experiments.design import LatinHypercube
    from experiments.factors import Factor
    from experiments.sweep_work import Arm, Work
    from simulation.parameters import BY_NAME
    from simulation.scenario import load_route, load_scenario

    base = load_scenario(SCENARIO)
    arms = [Arm(scenario=SCENARIO, route=name, pressure=base.pressure.name, what=base.changed(route=load_route(name)))
            for name in ROUTES]  # fmt: skip
    factors = [Factor(name=name, low=BY_NAME[name].low, high=BY_NAME[name].high) for name in FACTORS]
    return Work(
        title=TITLES[EXAMPLE], description="Two routes in the generated place, over plausible ranges.",
        arms=tuple(arms), factors=tuple(factors), design=LatinHypercube(points=POINTS, seed=1), points=POINTS,
        replicates=SEEDS, first_seed=1_000_000, keep="runs", chunk_size=16,
    )  # fmt: skip


def example_map_plan() -> "MapPlan":
    """Return the plan of the example map."""
    from experiments.mapping.design import plan_map

    return plan_map(SCENARIO, (ROUTES[1], ROUTES[0]), steps=STEPS, most=MOST_PAIRS)


def _run(making: Making) -> None:
    try:
        _makers()[making.name](making)
    except StoppedError:
        making.words = "Stopped."
    except Exception as error:  # a visitor is told, whatever it is
        making.words = f"The example could not be made: {error}"
    making.over = True


def _makers() -> dict[str, Callable[[Making], None]]:
    return {EXAMPLE: _make_sweep, EXAMPLE_MAP: _make_map}


def _make_sweep(making: Making) -> None:
    from experiments.executors import Serial
    from experiments.sweep import sweep

    sweep(sweep_work(), _folder(making.name, making), executor=Serial(), progress=making.tell)


def _make_map(making: Making) -> None:
    from experiments.mapping.rounds import carry_out

    @contextmanager
    def watch(_: Any) -> Iterator[Callable[[Any], None]]:
        yield making.tell

    carry_out(example_map_plan(), _folder(making.name, making), watch=watch, report=False)


def _folder(name: str, making: Making) -> Path:
    """Return a folder of this making's own: one that was stopped leaves its folder behind until the server ends."""
    return Path(_place[0].name) / f"{name}-{making.number}"
