"""Keep a map in a folder: its plan in `map.json`, complete, and its runs in rounds that are sweeps of their own."""

import json
from pathlib import Path
from typing import Any

from experiments.loading import load
from experiments.manifest import read_manifest
from experiments.mapping.cells import Found
from experiments.mapping.design import MapPlan
from experiments.output_folder import usable
from experiments.sweep_files import SweepError, anew, damaged, write_whole
from experiments.sweep_runs import OK
from experiments.sweep_work import changes

FORMAT = 1
MAP, ROUNDS = "map.json", "rounds"


def begin(folder: Path, plan: MapPlan) -> None:
    """Write the plan into a new or empty folder that is held, or find the same plan there.

    Raises OutputError where the folder holds another map (and says what differs) or other files; OSError.
    """
    check(folder, plan)
    if not (folder / MAP).is_file():
        said = {"format": FORMAT, "hash": plan.content_hash(), "plan": _said(plan)}
        text = json.dumps(said, ensure_ascii=False)
        write_whole(folder / MAP, lambda path: path.write_text(text, encoding="utf-8"))


def check(out: Path | str, plan: MapPlan) -> Path:
    """Return a folder's own path. Raises OutputError where another map or anything else is in the way."""

    def differs(folder: Path) -> list[str] | None:
        return differences(folder, plan) if (folder / MAP).exists() or (folder / ROUNDS).is_dir() else None

    return usable(out, "map", differs, leftovers=("map.tmp",))


def differences(folder: Path, plan: MapPlan) -> list[str]:
    """Say in what the map of a folder differs from a plan. Raises SweepError where it can't be read."""
    return changes(_said(read_plan(folder)), _said(plan))


def read_plan(folder: Path) -> MapPlan:
    """Return the plan of a folder. Raises SweepError where there is none, or another version's."""
    path = folder / MAP
    if not path.exists():
        if (folder / ROUNDS).is_dir():
            raise damaged(path, "is missing, so this holds no map", anew(folder))
        msg = f"{folder} holds no map"
        raise SweepError(msg)
    try:
        said = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        raise damaged(path, "is not what was written", anew(folder)) from None
    try:
        plan = MapPlan.model_validate(said["plan"])
        whole = said["format"] == FORMAT and plan.content_hash() == said["hash"]
    except (ValueError, LookupError, TypeError, ArithmeticError, AttributeError, RecursionError):
        whole = False
    if not whole:
        why = "has been changed, or was written by another version of this program"
        raise damaged(path, why, anew(folder))
    return plan


def round_folder(folder: Path, number: int) -> Path:
    """Return the folder of a round; rounds are counted from 0, and their folders from 1."""
    return folder / ROUNDS / str(number + 1)


def is_whole(round_: Path) -> bool:
    """Tell whether every run of a round is stored."""
    return read_manifest(round_) is not None


def found_in(round_: Path, outcome: str) -> Found:
    """Return the runs of a round that is whole."""
    results = load(round_)
    work = results.work
    columns = list(dict.fromkeys((outcome, "practice")))
    runs = results.scan_runs().select("run", "status", *columns).sort("run").collect()
    shape = (work.points, len(work.arms), work.replicates)
    values = {name: runs[name].fill_null(float("nan")).to_numpy().reshape(shape) for name in columns}
    failed = (runs["status"] != OK).to_numpy().reshape(shape)
    return Found(values[outcome], values["practice"], failed)


def _said(plan: MapPlan) -> dict[str, Any]:
    return plan.model_dump(mode="json", by_alias=True)
