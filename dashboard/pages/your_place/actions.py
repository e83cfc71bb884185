"""What controls ask for."""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dashboard.pages.your_place.draft import Draft, TableName
from dashboard.pages.your_place.shelf import NOTHING_NAMED, Desk, NoRoomError
from dashboard.session import Session, address
from simulation.importers.questions import Question
from simulation.scenario import Problem, ProblemError

_QUOTED = r"(?:\"([^\"]*)\"|'([^']*)')"
CONTROLS = tuple(
    (re.compile(pattern), control)
    for pattern, control in (
        (rf"--kind {_QUOTED}, or another kind, for one that is", "a kind, under “Which types are organisations”"),
        (rf"--kind {_QUOTED} keeps that type", "“Which types are organisations” takes them in"),
        (rf"for example --kind {_QUOTED} says what they are", "“Which types are organisations” says what they are"),
        (r"--form \"([^\"]*): elements\" reads it", r"“Columns” as “\1: label=1” reads it"),
        (rf"--columns {_QUOTED}", r"“Columns” as “\1\2”"),
        ("--split comma [|] --split none", "a choice of “Names in one cell”"),
        ("--split comma takes them apart", "“Names in one cell” takes them apart"),
        ("--weights says what they mean", "“Numbers on ties” says what they mean"),
        ("--merge-same-name (merges them|takes them for one)", "“Elements with one name” makes them one"),
        ("--network takes some of them", "“Networks” takes some of them"),
        ("--encoding reads it otherwise", "“Text is stored as” reads it otherwise"),
        ("another --encoding", "another choice of “Text is stored as”"),
        ("--at DATE takes those of one date", "“As of the date” takes those of one date"),
        ("--drop-dangling drops such ties, --add-dangling adds the elements",
         "“A tie to what is no element” leaves such ties out, or adds the elements"),
        ("--drop-dangling drops such ties, --add-dangling too", "“A tie to what is no element” leaves such ties out"),
        ("--drop-dangling drops", "“A tie to what is no element” drops"),
        ("--columns", "Columns"), ("--network", "Networks"), ("--weights", "Numbers on ties"), ("--kind", "Kind"),
        ("--encoding", "“Text is stored as”"), ("--at", "As of the date"),
        ("--sheet", "Sheets"), ("--form", "A table is"), ("--split", "Names in one cell"),
    )
)  # fmt: skip
"""What the import says, and what the page's controls are called; longer texts first."""


def on_page(words: str) -> str:
    """Return a sentence of the import as the page says it.

    >>> on_page("weights of ties were not used: strength is blank; --weights says what they mean")
    'weights of ties were not used: strength is blank; “Numbers on ties” says what they mean'
    >>> on_page('several elements with one id; --columns "id=position from 0"')
    'several elements with one id; “Columns” as “id=position from 0”'
    """
    for pattern, control in CONTROLS:
        words = pattern.sub(lambda found, control=control: found.expand(control), words)  # type: ignore[misc]
    return words


MOST_SHOWN = 12
UNREADABLE = "The files could not be read. Nothing was changed."


class Acting:
    """What a visitor can do; made anew at each drawing."""

    def __init__(self, session: Session, desk: Desk, push: Callable[[str], None]) -> None:
        self.session, self.desk, self._push = session, desk, push

    def change(self, draft: Draft) -> None:
        """Take a changed draft in hand."""
        self._try(lambda: self.desk.take(draft))

    def edit(self, table: TableName, given: Any) -> None:
        """Change a cell, as the browser says: row, column, text."""
        draft = self.desk.draft
        if draft is None or not isinstance(given, dict):
            return
        key, column, text = given.get("key"), given.get("column"), given.get("text")
        if isinstance(key, int) and isinstance(column, str) and isinstance(text, str):
            self.change(draft.with_table(table, draft.table(table).with_cell(key, column, text)))

    def begin(self, draft: Draft) -> None:
        """Take another place in hand; the one before can be taken back."""
        self._try(lambda: self._taken(draft))

    def take_back(self) -> None:
        """Undo the last change."""
        self._try(self.desk.take_back)

    def upload(self, given: Any) -> None:
        """Read files as the browser hands them over: name and content, as base64."""
        from simulation.importers.tables import MOST_FILES, Upload

        try:
            files = [Upload(str(one["name"]), base64.b64decode(one["data"], validate=True)) for one in given]
        except (TypeError, KeyError, ValueError, binascii.Error):
            files = []
        if not 1 <= len(files) <= MOST_FILES:
            self._refuse(UNREADABLE)
            return
        self._read(lambda: self._arrive(files))

    def paste(self, given: Any) -> None:
        """Read pasted tables."""
        from dashboard.pages.your_place.arrival import pasted
        from dashboard.pages.your_place.draft import TABLES

        texts: dict[TableName, str] = {
            name: str(given[name]) for name in TABLES if isinstance(given, dict) and isinstance(given.get(name), str)
        }

        def read() -> None:
            arrived = pasted(texts, held=self.desk.draft)
            self._taken(arrived.draft)
            self.desk.pastes += 1

        self._read(read)

    def read_again(self, source: Any) -> None:
        """Read the same map another way."""
        from dashboard.pages.your_place.arrival import Source, arrive

        def read() -> None:
            self.desk.source = source
            try:
                arrived = arrive(source.uploads, source.asked.choices())
            except ProblemError as error:
                self.desk.source = source.asking(error.problems)
                raise
            self._taken(arrived.draft)
            asked = source.asking(())
            self.desk.source = Source(asked.uploads, asked.asked, arrived.guesses or asked.guesses, asked.questions)

        self._read(read)

    def explore(self, path: str) -> None:
        """Open another page with the place in hand; what was set for it before it was changed here stands."""
        before = self.desk.explored.get(self.session.settings.place)
        name = self.desk.explore(self.session.visitor.places)
        if name and self.desk.draft is not None:
            same = before is not None and before.family == self.desk.draft.family
            settings = self.session.settings.changed(place=name, **({} if same else NOTHING_NAMED))
            self._push(address(path, settings))

    def forget(self) -> None:
        """Let go of the place in hand and what was explored from it, here and in the browser."""
        self.desk.forget_all(self.session.visitor.places)
        self.desk.refused, self.desk.told = (), "The place was forgotten, here and in this browser."
        own = self.session.settings.place.startswith("sha-")
        self.session.commit(place="", **NOTHING_NAMED) if own else self.session.redraw()

    def _arrive(self, files: list[Any]) -> None:
        from dashboard.pages.your_place.arrival import Source, arrive

        self.desk.source = None
        try:
            arrived = arrive(files, held=self.desk.draft)
        except ProblemError as error:
            self.desk.hold(Source(tuple(files)).asking(error.problems))  # it may be read with other choices
            raise
        self._taken(arrived.draft)
        if arrived.is_map:
            self.desk.hold(Source(tuple(files), guesses=arrived.guesses))

    def _taken(self, draft: Draft) -> None:
        self.desk.take(draft)
        self.desk.source, self.desk.refused = None, ()

    def _read(self, read: Callable[[], None]) -> None:
        try:
            self.desk.refused, self.desk.told = (), ""
            read()
        except ProblemError as error:
            more = len(error.problems) - MOST_SHOWN
            shown = [_words(problem) for problem in error.problems[:MOST_SHOWN]]
            self.desk.refused = (*shown, *([f"and {more} more"] if more > 0 else []))
        except NoRoomError as error:
            self.desk.refused = (str(error),)
        except Exception as error:  # whatever a file brings about is said, and the page goes on
            self.desk.refused = (f"{UNREADABLE} ({type(error).__name__})",)
        self.desk.reads += 1
        self.session.redraw()

    def _refuse(self, words: str) -> None:
        self.desk.refused = (words,)
        self.desk.reads += 1
        self.session.redraw()

    def _try(self, act: Callable[[], None]) -> None:
        try:
            self.desk.told, self.desk.refused = "", ()
            act()
        except NoRoomError as error:
            self.desk.refused = (str(error),)
        self.session.redraw()


def _words(problem: Problem) -> str:
    """Return what is wrong in the page's words; of a question, what is asked below without its answers."""
    return on_page(str(replace(problem, allowed="a choice below") if isinstance(problem, Question) else problem))
