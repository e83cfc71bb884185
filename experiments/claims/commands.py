"""Write the command that runs claims again."""

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.claims.plan import POINT_SEEDS, POINTS, SEEDS, STRUCTURE_SEEDS
from experiments.comparison_plan import FIRST_SEED
from experiments.looking import MOST

_OPTIONS = (
    ("--structure-replicates", "structure_seeds", STRUCTURE_SEEDS),
    ("--points", "points", POINTS),
    ("--point-replicates", "point_seeds", POINT_SEEDS),
    ("--seed", "first_seed", FIRST_SEED),
)


def command_of(about: Mapping[str, Any], names: Sequence[str] = ()) -> str:
    """Return the command for some claims (default: all) on the same seeds and points.

    Where the seeds grew until a precision was met, the command asks for as many as there were in the end.
    """
    words = ["behaviours", "claims", *names]
    if about["seeds"] != SEEDS:
        words += ["--replicates", str(about["seeds"])]
    for option, key, usual in _OPTIONS:
        if about[key] != usual:
            words += [option, str(about[key])]
    return " ".join(words)


def precise_command(about: Mapping[str, Any], names: Sequence[str] = ()) -> str:
    """Return the command as it was: with the precision that was asked for, where one was."""
    stopping = about["stopping"]
    if stopping is None:
        return command_of(about, names)
    words = [command_of({**about, "seeds": SEEDS}, names), "--precision", f"{10 * stopping['precision']:g}"]
    most = stopping["planned"][-1]
    return " ".join([*words, *(["--most", str(most)] if most != MOST else [])])
