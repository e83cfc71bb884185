"""Tell what an output folder holds: another fit, this one finished, or this one begun."""

import json
from pathlib import Path
from typing import Any

from experiments.fitting.fit_plan import differences
from experiments.fitting.kept import PILOT
from experiments.fitting.store import FIT, REPORT
from experiments.manifest import faults, read_manifest
from experiments.workplace import OutputError, Workplace


def others(workplace: Workplace, work: dict[str, Any]) -> list[str]:
    """Return how what a folder holds differs from a fit; nothing where it holds the same one, or none."""
    found = []
    if (begun := _begun(workplace)) is not None:
        found += differences(begun, work)
    if (manifest := read_manifest(workplace.out)) is not None:
        found += differences(manifest.get("work") or {}, work)
    return list(dict.fromkeys(found))


def refuse_others(workplace: Workplace, work: dict[str, Any], said: Path) -> None:
    """Raise OutputError, saying what differs, where a folder holds another fit."""
    if found := others(workplace, work):
        begun = "an unfinished fit" if _begun(workplace) is not None else "other results"
        kept = f" ({workplace.folder})" if _begun(workplace) is not None else ""
        why = "; ".join(found[:6])
        mend = "Name another folder, or remove it"
        msg = f"--out: {said} holds {begun}{kept}, and nothing is written over: {why}. {mend}"
        raise OutputError(msg)


def finished(workplace: Workplace, *, report: bool) -> dict[str, Any] | None:
    """Return the numbers of a fit that is finished and whole, its report included if asked; else None."""
    out = workplace.out
    if read_manifest(out) is None or faults(out) or (report and not (out / REPORT).is_file()):
        return None
    found: dict[str, Any] = json.loads((out / FIT).read_text(encoding="utf-8"))
    return found


def _begun(workplace: Workplace) -> dict[str, Any] | None:
    """Return what unfinished work is for, where any of it is kept."""
    if not (workplace.parts / PILOT).is_file():
        return None
    try:
        found = json.loads((workplace.folder / "work.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
