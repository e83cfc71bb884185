"""Choose a sweep or map; make an example."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import solara

from dashboard import sweep_folders
from dashboard.components import About, Box, Button, Choice, Controls, Message, Perhaps, Section, Text
from dashboard.jobs import Job, Jobs, Piece, Work
from dashboard.session import Session
from dashboard.sweep_folders import EXAMPLE, EXAMPLE_MAP, Entry, Kind

if TYPE_CHECKING:
    from experiments.route_map import MapPlan
    from experiments.work import Work as SweepWork


SCENARIO, ROUTES = "generated", ("manifesto-led", "prototype-led")
POINTS, SEEDS = 64, 2
FACTORS = ("initial_pressure", "initial_trust", "trust_gain", "partner_days", "slip_back")
STEPS, MOST_PAIRS = 5, 20
KINDS: dict[str, Kind] = {EXAMPLE: "sweep", EXAMPLE_MAP: "map"}
TITLES = {
    EXAMPLE: f"Example sweep: {POINTS} points of five numbers",
    EXAMPLE_MAP: f"Example map: {STEPS} by {STEPS} cells",
}


JOBS = Jobs("example", workers=len(KINDS), each=None)
_lock = threading.Lock()
_place: list[TemporaryDirectory[str]] = []


def example(name: str) -> Entry | None:
    """Return an example that is made, or being made with something to see; None before that."""
    making = JOBS.known(name)
    if making is None or making.stopped:
        return None
    folder = _folder(name, making)
    there = (folder / ("sweep.json" if KINDS[name] == "sweep" else "map.json")).is_file()
    return Entry(name, KINDS[name], folder, TITLES[name]) if there else None


def make(name: str) -> Job[str]:
    """Make an example aside, or return the one that is made or on its way; the same for all visitors."""
    return JOBS.ask(name, lambda: work_of(name))


def work_of(name: str) -> Work[str]:
    """Return the work of making an example."""
    return Work(name, (_MAKERS[name],), lambda: name, trouble="The example could not be made")


def sweep_work() -> "SweepWork":
    """Return the plan of the example sweep."""
    from experiments.design import LatinHypercube
    from experiments.factors import Factor
    from experiments.work import Arm, Work
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
    from experiments.route_map import plan_map

    return plan_map(SCENARIO, (ROUTES[1], ROUTES[0]), steps=STEPS, most=MOST_PAIRS)


def _make_sweep(making: Job[Any]) -> None:
    from experiments.executors import Serial
    from experiments.runner import sweep

    sweep(sweep_work(), _folder(EXAMPLE, making), executor=Serial(), progress=making.hear)


def _make_map(making: Job[Any]) -> None:
    from experiments.reporting.result_files import write_map
    from experiments.route_map import carry_out

    @contextmanager
    def watch(_: Any) -> Iterator[Callable[[Any], None]]:
        yield making.hear

    carry_out(example_map_plan(), _folder(EXAMPLE_MAP, making), write=write_map, watch=watch, report=False)


_MAKERS: dict[str, Piece] = {EXAMPLE: _make_sweep, EXAMPLE_MAP: _make_map}


def _folder(name: str, making: Job[Any]) -> Path:
    """Return a folder of this making's own: one that was stopped leaves its folder behind until the server ends."""
    with _lock:
        if not _place:
            _place.append(TemporaryDirectory(prefix="behaviours-example-"))
    return Path(_place[0].name) / f"{name}-{making.number}"


ABOUT_SWEEP = About(
    what="A folder that behaviours sweep or behaviours map writes. Those in this list were named when these pages "
    "were started; nothing else on this machine can be opened from here.",
    why="One run is one story. A sweep runs thousands, over many numbers at once, and shows which of them matter.",
    notice="A sweep that is still running can be opened too: what is stored so far is shown.",
)
HOW = (
    ("Write what to vary into a plan, or take a ready one (behaviours list plans), and run it:",
     "behaviours sweep which-numbers-matter --out out/first"),
    ("Or map where each of two routes does better:", "behaviours map --out out/map"),
    ("Then start these pages with the folders, as many as you like:",
     "behaviours dashboard --sweep out/first --map out/map"),
)  # fmt: skip
OFFERS = {
    EXAMPLE: ("Make the example sweep", f"{POINTS} points of five numbers, two routes, {SEEDS} seeds "
              "each: 256 runs, a few seconds."),
    EXAMPLE_MAP: ("Make the example map", f"{STEPS} by {STEPS} cells of pressure and trust, "
                  f"{MOST_PAIRS} pairs of runs in each: 1,000 runs, some seconds."),
}  # fmt: skip


def entry_of(name: str) -> Entry | None:
    """Return the sweep or map that an address names, the first given where it names none."""
    given = sweep_folders.given()
    if not name:
        return given[0] if given else None
    return next((entry for entry in given if entry.name == name), None) or example(name)


def Chooser(session: Session, entry: Entry | None) -> solara.Element:
    """Return the list of what can be opened; nothing where there is nothing to choose."""
    made = [found for name in (EXAMPLE, EXAMPLE_MAP) if (found := example(name)) is not None]
    entries = [*sweep_folders.given(), *made]
    if not entries:
        return Box()
    titles = {one.name: f"{one.title} ({one.kind}, {one.name})" for one in entries}
    if entry is None:
        titles = {"": "Choose one"} | titles
    return Controls(
        Choice("Sweep or map", entry.name if entry is not None else "", titles, about=ABOUT_SWEEP,
               on_choose=lambda name: session.commit(sweep=name, subject="", within="", point=-1, replicate=0)),
        label="What is opened",
    )  # fmt: skip


def HowTo() -> solara.Element:
    """Return how to make a sweep and open it here."""
    steps = [Box(Box(words, tag="p"), Box(Box(command, tag="code"), tag="pre", kind="b-command"), tag="li")
             for words, command in HOW]  # fmt: skip
    return Section(
        "Open a sweep of yours",
        Text("A sweep runs the model at many combinations of numbers and keeps what came of each."),
        Box(*steps, tag="ol", kind="b-steps"),
    )


@solara.component
def Offer(session: Session, name: str) -> solara.Element:
    """Offer one example: a button, then how far it is with a way to stop, then a way in."""
    _, redraw = solara.use_state(0)
    begun, begin = solara.use_state(0)
    making = JOBS.known(name)
    is_on = making is not None and not making.ended.is_set()

    async def watch() -> None:
        while (found := JOBS.known(name)) is not None and not found.ended.is_set():
            redraw(lambda number: number + 1)
            await asyncio.sleep(0.25)
        if found is not None and _is_made(found) and begun:
            session.commit(sweep=name, subject="", within="", point=-1, replicate=0)
        redraw(lambda number: number + 1)

    solara.lab.use_task(watch, dependencies=[name, begun, is_on])
    title, words = OFFERS[name]
    if making is not None and is_on:
        return Progress(f"Running the {shelf_words(name)}", making.done, making.total, making.cancel)
    if making is not None and _is_made(making):
        show = Button(f"Show the {shelf_words(name)}", lambda: session.commit(sweep=name), kind="b-main")
        return Box(show, tag="p", kind="b-buttons")

    def start() -> None:
        make(name)
        begin(lambda number: number + 1)

    told = [Message(making.error or "Stopped.", kind="note")] if making is not None else []
    return Box(Perhaps(*told), Box(Button(title, start, kind="b-main"), tag="p", kind="b-buttons"), Text(words))


def _is_made(making: Job[Any]) -> bool:
    return making.ended.is_set() and making.found is not None


def shelf_words(name: str) -> str:
    """Return what an example is, inside a sentence."""
    return name.replace("-", " ") if name == EXAMPLE_MAP else "example sweep"


def Progress(words: str, done: int, total: int, stop: Callable[[], None] | None = None) -> solara.Element:
    """Return how far something is, in words and as a bar, with a button that stops it."""
    buttons = [Box(Button("Stop", stop), tag="p", kind="b-buttons")] if stop is not None else []
    count = f": {done:,} of {total:,}" if total else ""
    return Box(Bar(f"{words}{count}.", done, total), *buttons)


def Bar(sentence: str, done: int, total: int) -> solara.Element:
    """Return a sentence with a bar; one that moves without end where `total` is 0."""
    share: dict[str, Any] = {"value": str(done), "max": str(total)} if total else {}
    return Box(Text(sentence), Box(tag="progress", kind="b-far", aria_label=sentence, **share), kind="b-working")


def Offers(session: Session) -> solara.Element:
    """Return both examples."""
    return Section(
        "Or look at an example",
        Text("Computed on this machine when you ask, by the model that is installed. It is small: enough to see what "
             "the page does, too small to rank numbers by."),
        Offer(session, EXAMPLE).key("sweep"), Offer(session, EXAMPLE_MAP).key("map"),
    )  # fmt: skip
