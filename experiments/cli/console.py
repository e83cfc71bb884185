"""Notes, errors, one progress bar, JSON."""

from __future__ import annotations

import codecs
import errno
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO, cast

import typer

from experiments.errors import CAN_NOT, INTERRUPTED, error_data, status_of
from experiments.interruption import hear
from simulation.text import counted

if TYPE_CHECKING:
    from experiments.comparison import Comparison


def comparison_data(comparison: Comparison, out: Path) -> dict[str, Any]:
    """Return a comparison's levels, contrasts and provenance; numbers are in the model's scale (practice 0-1)."""
    return {
        "levels": comparison.levels.to_dicts(),
        "contrasts": comparison.contrasts.to_dicts(),
        "pressures": comparison.pressures.to_dicts(),
        "structures": comparison.structures.to_dicts(),
        "titles": comparison.titles,
        "manifest": comparison.manifest,
        "folder": str(out),
    }


def json_text(data: Any) -> str:
    """Return data as JSON for standard output, numbers that JSON does not know as null.

    Where that is not in UTF-8, letters outside ASCII are escaped, so that each arrives as it is.
    """
    encoding = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "")
    return json.dumps(_plain(data), indent=2, ensure_ascii=encoding != "utf8", allow_nan=False)


def _plain(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(value) for value in data]
    return None if isinstance(data, float) and not isfinite(data) else data


# Speak to a person on a terminal, and quietly into a pipe: answers, notes, errors, a spinner, a progress bar, tables.
#
# Results go to standard output; everything else goes to standard error. With --json the result, or the error, is one
# JSON document on standard output; with --quiet there is nothing beside the result: where it is, if that is a file or
# a
# folder.


LIKE = str.maketrans(
    {"\u2010": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u2018": "'", "\u2019": "'", "\u201c": '"',
     "\u201d": '"', "\u2026": "...", "\u00a0": " ", "\u2060": "", "\u00b7": "-", "\u2022": "*", "\u00d7": "x",
     "\u00b1": "+/-", "\u2264": "<=", "\u2265": ">=", "\u2192": "->", "\u03bc": "mu", "\u03c3": "sigma"}
)  # fmt: skip
"""What stands for a sign of ours that a terminal's code page lacks; any other letter is told by its number."""


class Manner(NamedTuple):
    """How a command is to speak."""

    json: bool = False
    quiet: bool = False


given: ContextVar[tuple[str, ...]] = ContextVar("given", default=())
"""What was typed after the program's name."""
manner: ContextVar[Manner] = ContextVar("manner", default=Manner())  # noqa: B039  # it is frozen


class Stream:
    """A standard stream that may be closed, full or gone: what can't be written is dropped, and the error kept.

    What a command does must not depend on whether somebody hears of it.
    """

    def __init__(self, stream: TextIO) -> None:
        """Take a stream's place."""
        self._stream = stream
        self.error: OSError | None = None

    def write(self, text: str) -> int:
        """Write a text, or drop it once something could not be written."""
        if self.error is None:
            self._try(lambda: self._stream.write(text))
        return len(text)

    def flush(self) -> None:
        """Write what is waiting."""
        if self.error is None:
            self._try(self._stream.flush)

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except OSError as error:
            self.error = error
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())  # Python flushes once more at its end

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _as_far_as_it_goes(error: UnicodeError) -> tuple[str, int]:
    """Return what stands for letters that a code page lacks: a sign that is like it, or its number as in JSON."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end].translate(LIKE)
    return "".join(letter if letter.isascii() else _number(letter) for letter in text), error.end


def _number(letter: str) -> str:
    units = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[k : k + 2].hex()}" for k in range(0, len(units), 2))


@contextmanager
def standard_streams() -> Iterator[Stream]:
    """Let no command fail for want of somebody who listens; yield standard output, which knows whether it was heard."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:  # closed: or else the first file that is opened would be taken for standard output
            os.open(os.devnull, os.O_RDWR)
    codecs.register_error("behaviours", _as_far_as_it_goes)
    before = sys.stdout, sys.stderr
    out, err = (Stream(stream or open(os.devnull, "w", encoding="utf-8")) for stream in before)  # noqa: SIM115
    for stream in (out, err):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="behaviours")
    sys.stdout, sys.stderr = cast(TextIO, out), cast(TextIO, err)
    try:
        yield out
    finally:
        out.flush()
        err.flush()
        sys.stdout, sys.stderr = before


def unheard(out: Stream) -> int | None:
    """Return the exit status where standard output could not be written; a reader that went away needs no words."""
    if out.error is None:
        return None
    if out.error.errno != errno.EPIPE:
        print(f"Error: standard output can't be written: {out.error.strerror}; the work is done", file=sys.stderr)
    return CAN_NOT


def answer(data: Callable[[], Any], text: Callable[[], str], *, where: Sequence[Path] | Path | str = ()) -> None:
    """Say a command's result in the manner asked for: `data` as JSON; or `text`, or quietly just where it is."""
    now = manner.get()
    if now.json:
        print(json_text(data()), flush=True)
    elif now.quiet and where != ():
        print(*([where] if isinstance(where, Path | str) else where), sep="\n", flush=True)
    elif said := text():
        print(said)


def note(text: str) -> None:
    """Say something beside the results, unless it is to be quiet."""
    if not manner.get().quiet:
        print(text, file=sys.stderr, flush=True)


def fail(error: BaseException, *, beside: str = "") -> typer.Exit:
    """Say one clear error, with what is said beside it, and return what to raise; its type decides the status."""
    status = status_of(error) or CAN_NOT
    return _ended(error_data(error, status, f"{error}{beside}"), f"Error: {error}{beside}", status)


def stopped(text: str) -> typer.Exit:
    """Say that Ctrl-C stopped the command, and what is kept, and return what to raise."""
    return _ended(error_data(text, INTERRUPTED, text), text, INTERRUPTED)


def _ended(data: dict[str, Any], text: str, status: int) -> typer.Exit:
    print(text, file=sys.stderr, flush=True)
    if manner.get().json:
        print(json_text(data))
    return typer.Exit(status)


def is_live() -> bool:
    """Tell whether progress can move on a terminal."""
    return sys.stderr.isatty() and not manner.get().quiet


@contextmanager
def spinner(text: str) -> Iterator[None]:
    """Show that something is being done: a spinner on a terminal, a line in a pipe."""
    hear()
    if not is_live():
        note(f"{text} ...")
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield


@contextmanager
def progress(text: str, total: int) -> Iterator[Callable[[int, int], None]]:
    """Show how far the runs are: a bar with the time left on a terminal; in a pipe a line before and one after."""
    hear()
    began, kept = time.monotonic(), [-1]

    def begin(done: int) -> None:
        if kept[0] < 0:
            kept[0] = done

    if not is_live():
        note(f"{text}: {counted(total, 'run')} ...")
        yield lambda done, all_: begin(done)
    else:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("runs, left:"))
        with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(text, total=total)

            def update(done: int, all_: int) -> None:
                begin(done)
                bar.update(task, completed=done, total=all_)

            yield update
    before = f", {kept[0]:,} of them kept from before" if kept[0] > 0 else ""
    note(f"{counted(total, 'run')}{before}, in {time.monotonic() - began:.0f} s")


def compile_once() -> None:
    """Compile the model where that has not been done on this machine, and say so: it takes a while, once."""
    from experiments.worker import is_compiled, warm

    if is_compiled():
        return
    with spinner("Compiling the model; this happens once and takes about half a minute"):
        warm()


def report_line(out: Path) -> str:
    """Say where to look: the report, or the folder where none was written."""
    page = out / "report.html"
    return f"Report: {page}" if page.exists() else f"Results: {out}"
