"""Tell what an output folder holds: another fit, this one finished, or this one begun."""

import json
from typing import Any

from experiments.fitting.fit_plan import differences
from experiments.fitting.store import FIT, REPORT
from experiments.manifest import faults, read_manifest
from experiments.workplace import Workplace


def compare(held: dict[str, Any], work: dict[str, Any]) -> list[str]:
    """Say in what the fit of a manifest, or one that was begun, differs from another."""
    return differences(held.get("work") or held, work)


def finished(workplace: Workplace, *, report: bool) -> dict[str, Any] | None:
    """Return the numbers of a fit that is finished and whole, its report included if asked; else None."""
    out = workplace.out
    if read_manifest(out) is None or faults(out) or (report and not (out / REPORT).is_file()):
        return None
    found: dict[str, Any] = json.loads((out / FIT).read_text(encoding="utf-8"))
    return found
