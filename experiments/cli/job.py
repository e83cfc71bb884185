"""Work of a command that was begun: note what was typed, say how far it is, and go on from its folder alone."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import typer

from experiments.cli.console import answer, given, manner
from experiments.manifest import read_manifest
from experiments.output_folder import ENDING, OutputError, beside, is_held, one, read_said, real, write_bytes
from simulation.text import counted

COMMAND = "command.json"
INSIDE = ("rounds", "runs")
"""Where a map and claims keep their sweeps; other work that is unfinished is kept beside its folder."""
KINDS = ("comparison", "map", "claims", "fit")
"""What is gone on with, besides sweeps."""
MANNERS = ("--json", "--quiet")


class Begun(NamedTuple):
    """Work that was begun: its output folder, where its runs are, what was typed and where, and how many runs it is."""

    out: Path
    where: Path
    words: tuple[str, ...]
    typed_in: Path
    runs: int | None


def note_command(where: Path, *, runs: int | None = None) -> None:
    """Note what was typed beside the runs that it asks for; `runs` is how many, where that is known. Raises OSError."""
    words = [word for word in given.get() if word not in MANNERS]
    where.mkdir(parents=True, exist_ok=True)
    said = {"command": words, "folder": os.getcwd(), "runs": runs}
    write_bytes(where / COMMAND, json.dumps(said, ensure_ascii=False).encode())


def typed() -> list[str]:
    """Return what was typed, for a manifest: with work that goes on, what began it."""
    return ["behaviours", *given.get()]


def going_on(out: Path) -> str:
    """Say what goes on with work that was begun."""
    return f"the same command goes on, and so does `behaviours resume {out}`"


def begun(folder: Path) -> Begun | None:
    """Return the work that was begun for an output folder, or None where none is noted."""
    out = real(folder)
    out = out.with_name(out.name.removesuffix(ENDING)) if out.name.endswith(ENDING) else out
    for where in (beside(out), *(out / name for name in INSIDE)):
        said = read_said(where / COMMAND)
        words = (said or {}).get("command")
        if said is None or not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
            continue
        runs = said.get("runs")
        return Begun(out, where, tuple(words), Path(str(said.get("folder"))), runs if isinstance(runs, int) else None)
    return None


def is_complete(folder: Path) -> bool:
    """Tell whether a folder holds a whole set of results, with nothing unfinished beside it."""
    out = real(folder)
    return (read_manifest(out) or {}).get("kind") in KINDS and not (beside(out) / COMMAND).is_file()


def say_complete(folder: Path) -> None:
    """Say that there is nothing to go on with."""
    kind = one(read_manifest(real(folder)) or {})
    answer(
        lambda: {"kind": kind, "complete": True, "folder": str(folder)},
        lambda: f"{folder} holds {kind}, complete: there is nothing to go on with", where=folder,
    )  # fmt: skip


def say_how_far(work: Begun) -> None:
    """Say how much of begun work is stored; it may be running."""
    from experiments.store import status

    found = [status(path.parent) for path in (*work.where.glob("*/sweep.json"), *work.where.glob("parts/*/sweep.json"))]
    done, failed = sum(one.done for one in found), sum(one.failed for one in found)
    running = is_held(work.where) or is_held(work.out)
    steps = sum(path.is_file() for path in work.where.glob("parts/*"))

    def text() -> str:
        of = "" if work.runs is None else f" of {work.runs:,}"
        lines = [f"behaviours {' '.join(work.words)}"]
        lines.append(
            f"{done:,}{of} runs are stored, {failed:,} failed"
            if found or not steps
            else f"{counted(steps, 'finished step')} {'is' if steps == 1 else 'are'} stored"
        )
        return "\n".join([*lines, "running" if running else f"stopped: `behaviours resume {work.out}` goes on"])

    data = {"command": ["behaviours", *work.words], "done": done, "runs": work.runs, "failed": failed, "steps": steps,
            "running": running, "complete": False, "folder": str(work.out)}  # fmt: skip
    answer(lambda: data, text)


def go_on(work: Begun, context: typer.Context, more: Sequence[str]) -> None:
    """Give the command again that was noted, where it was typed, with more options behind its own.

    Raises OutputError where the folder that it was typed in is gone, Exit with the status that the command ends with.
    """
    try:
        os.chdir(work.typed_in)
    except OSError:
        msg = f"{work.out} was begun in {work.typed_in}, which is not there any more: give the same command again"
        raise OutputError(msg) from None
    now = manner.get()
    said = [name for name, asked in zip(MANNERS, (now.json, now.quiet), strict=True) if asked]
    words, end = list(work.words), len(work.words)
    with suppress(ValueError):
        end = words.index("--")
    words[end:end] = ["--out", str(work.out), *more, *said]
    given.set(tuple(work.words))
    root = context.find_root()
    status: Any = root.command.main(args=words, prog_name=root.info_name, standalone_mode=False)
    if status:
        raise typer.Exit(status)
