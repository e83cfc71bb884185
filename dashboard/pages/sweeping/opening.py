"""Choose which sweep or map is looked at, say how to open one, and make an example when asked."""

import asyncio
from collections.abc import Callable
from typing import Any

import solara
import solara.lab

from dashboard.components import About, Box, Button, Choice, Controls, Message, Perhaps, Section, Text
from dashboard.session import Session
from dashboard.sweeping import examples, shelf
from dashboard.sweeping.shelf import EXAMPLE, EXAMPLE_MAP, Entry

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
    EXAMPLE: ("Make the example sweep", f"{examples.POINTS} points of five numbers, two routes, {examples.SEEDS} seeds "
              "each: 256 runs, a few seconds."),
    EXAMPLE_MAP: ("Make the example map", f"{examples.STEPS} by {examples.STEPS} cells of pressure and trust, "
                  f"{examples.MOST_PAIRS} pairs of runs in each: 1,000 runs, some seconds."),
}  # fmt: skip


def entry_of(name: str) -> Entry | None:
    """Return the sweep or map that an address names, the first given where it names none."""
    given = shelf.given()
    if not name:
        return given[0] if given else None
    return next((entry for entry in given if entry.name == name), None) or examples.example(name)


def Chooser(session: Session, entry: Entry | None) -> solara.Element:
    """Return the list of what can be opened; nothing where there is nothing to choose."""
    made = [found for name in (EXAMPLE, EXAMPLE_MAP) if (found := examples.example(name)) is not None]
    entries = [*shelf.given(), *made]
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
    making = examples.making_of(name)
    is_on = making is not None and not making.over

    async def watch() -> None:
        while (found := examples.making_of(name)) is not None and not found.over:
            redraw(lambda number: number + 1)
            await asyncio.sleep(0.25)
        if found is not None and not found.words and begun:
            session.commit(sweep=name, subject="", within="", point=-1, replicate=0)
        redraw(lambda number: number + 1)

    solara.lab.use_task(watch, dependencies=[name, begun, is_on])
    title, words = OFFERS[name]
    if making is not None and is_on:
        return Progress(f"Running the {shelf_words(name)}", making.done, making.total, making.stop)
    if making is not None and not making.words:
        show = Button(f"Show the {shelf_words(name)}", lambda: session.commit(sweep=name), kind="b-main")
        return Box(show, tag="p", kind="b-buttons")

    def start() -> None:
        examples.make(name)
        begin(lambda number: number + 1)

    told = [Message(making.words, kind="note")] if making is not None and making.words else []
    return Box(Perhaps(*told), Box(Button(title, start, kind="b-main"), tag="p", kind="b-buttons"), Text(words))


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
