"""Say what a search for what would have to be true has found: computed from its numbers, and how little it is."""

from typing import NamedTuple

from dashboard.decisions.needed import Finding, Move, Progress
from experiments.shown import level
from experiments.wording import capital
from simulation.observation import COLLABORATIVE
from simulation.parameters import BY_NAME


class NeededWords(NamedTuple):
    """What a finished search found: where the routes end, what would do (or comes closest), and how little it is."""

    ends: str
    lead: str
    findings: tuple[str, ...]
    limits: tuple[str, ...]


def needed_words(progress: Progress) -> NeededWords:
    """Say what a finished search found."""
    ends = ", ".join(f"{name} {level('practice', value)}" for name, value in progress.levels.items())
    runs = f"of {progress.seeds} runs"
    limit = level("practice", COLLABORATIVE)
    if not progress.flat:
        return NeededWords(f"Not every route stays flat here. The middle {runs} ends at: {ends}.", "", (), ())
    said = f"Every route ends below {limit} of 10 in the middle {runs}: {ends}. {progress.route} came furthest."
    late = ("Time ran out before all was tried: smaller steps, or other things, may do as well.",)
    limits = (
        f"This is a first look at {progress.seeds} throws of luck. It says what the model would need, "
        "not what a place could bring about; most of these numbers are assumed.",
    )
    found = progress.findings or ((progress.closest,) if progress.closest is not None else ())
    lead = (
        f"With {progress.route}, any one of these would lift the middle run above {limit}:"
        if progress.findings
        else "Nothing that was tried would do, within its plausible range, neither alone nor two together. The closest:"
    )
    sentences = tuple(_finding(one, progress.seeds) for one in found)
    return NeededWords(said, lead, sentences, (*(late if progress.out_of_time else ()), *limits))


def _finding(found: Finding, seeds: int) -> str:
    moved = " and ".join(_move(one) for one in found.moves)
    return (
        f"{capital(moved)}. Practice then ends at {level('practice', found.reached)} of 10 in the middle run; "
        f"{round(found.share * seeds)} of {seeds} runs end above {level('practice', COLLABORATIVE)}."
    )


def _move(move: Move) -> str:
    parameter = BY_NAME[move.name]
    unit = f" {parameter.unit}" if parameter.unit.startswith(("days", "a ")) else ""
    plausible = f"plausible {parameter.low:g} to {parameter.high:g}"
    return f"{parameter.meaning}: {move.needed:.3g}{unit} instead of {move.now:.3g} ({plausible})"
