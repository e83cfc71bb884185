"""Say in what share of parameter space the primary contrast holds, from the packaged file that `make claims` writes.

Reports and pages say what this file says. Where it is missing, changed by hand, or of another model than this one, they
say that it is not yet measured, and why.
"""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from experiments.comparison_plan import PRIMARY

FILE = Path(__file__).parent / "measured.json"
NOT_YET = "not yet measured"


class Measured(NamedTuple):
    """The file's content, or None with a note that says why there is none for this model."""

    content: dict[str, Any] | None
    note: str = ""


@cache
def measured(path: Path = FILE) -> Measured:
    """Read the file."""
    from experiments.patterns.store import parameters_hash, read
    from simulation.version import MODEL_VERSION

    try:
        content = read(path)
        version, parameters = content["model"]["version"], content["model"]["parameters"]
    except FileNotFoundError:
        return Measured(None, f"there is no {path.name}: `make claims` writes it")
    except (OSError, ValueError, KeyError, TypeError):
        return Measured(None, f"{path.name} can’t be used: it is not what `make claims` wrote")
    if version != MODEL_VERSION:
        return Measured(None, f"it was measured with model version {version}, and this is {MODEL_VERSION}")
    if parameters != parameters_hash():
        return Measured(None, "it was measured with other parameters than this model has")
    return Measured(content)


def share_sentence(first: str, second: str, *, path: Path = FILE) -> str:
    """Say in what share of parameter space one route is ahead of another; routes by their names.

    Only the primary contrast is measured: prototype-led minus manifesto-led, on the generated place.
    """
    if {first, second} != set(PRIMARY):
        return f"In what share of the plausible parameter space this holds is {NOT_YET} for these routes."
    found = measured(path)
    if found.content is None:
        return f"In what share of the plausible parameter space this holds is {NOT_YET} ({found.note})."
    return primary_words(found.content)


def primary_words(content: dict[str, Any]) -> str:
    """Say what a file's content says of the primary contrast."""
    from experiments.claims.rules import HOLDS, OPEN, OPPOSITE, SMALL
    from experiments.claims.store import findings_in
    from experiments.claims.topics.entry import PRIMARY as CLAIM
    from experiments.claims.wording import percent

    space = next(finding.space for finding in findings_in(content) if finding.name == CLAIM)
    return (
        f"Over {space.points} sets of all the model’s numbers, drawn from their plausible ranges, prototype-led entry "
        f"ends higher than manifesto-led at month 120 by a difference that matters in {percent(space.share(HOLDS))} "
        f"and lower in {percent(space.share(OPPOSITE))}; the difference is too small to matter in "
        f"{percent(space.share(SMALL))}, and {space.seeds} paired seeds each can’t tell in "
        f"{percent(space.share(OPEN))} (95% intervals over points; generated place, no cuts; behaviours claims "
        f"{CLAIM})."
    )
