"""Write a scenario as files that hold all of it: its own text, and its place's folder where that is no ready one."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from simulation.scenario import Scenario, load_place, load_scenario
from simulation.scenario.find import ready
from simulation.scenario.place_folder import ORGANISATIONS, RELATIONSHIPS
from simulation.scenario.places import PlaceFile, PlaceHeader
from simulation.scenario.problems import ProblemError
from simulation.scenario.tables import csv_text
from simulation.vocabulary import BEHAVIOUR_IDS

_KEPT = ("title", "description", "months", "profile", "without", "structure", "events", "pressure", "route")


def write_scenario(scenario: Scenario, folder: Path, *, name: str = "scenario") -> str:
    """Return how a plan file in a folder names a scenario: a ready one's name, or a file that is written there.

    Raises OSError, and ValueError where what was written is not the same scenario.
    """
    if scenario.name in ready("scenarios") and _same(load_scenario(scenario.name), scenario):
        return scenario.name
    place = scenario.place.name
    if place not in ready("places") or load_place(place).content_hash() != scenario.place.content_hash():
        _write_place(scenario.place, folder / "place")
        place = "./place"
    said = scenario.model_dump(mode="json", by_alias=True, include=set(_KEPT), exclude_none=True)
    for part in ("pressure", "route"):
        said[part].pop("name", None)
    said["parameters"] = scenario.parameters | scenario.settings
    path = folder / f"{name}.toml"
    lines = [
        "# The scenario that was fitted, as it was. Illustrative, not predictive.",
        *toml_lines({"place": place} | said),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if not _runs_alike(load_scenario(path), scenario):
        msg = f"{path} does not hold the scenario as it was"
        raise ValueError(msg)
    return f"./{name}.toml"


def toml_lines(data: Mapping[str, Any]) -> list[str]:
    """Return a mapping as lines of TOML, everything below the first level inline.

    >>> toml_lines({"months": 60, "design": {"type": "table"}})
    ['months = 60', 'design = { type = "table" }']
    """
    return [f"{_key(key)} = {_value(value)}" for key, value in data.items() if value is not None]


def _key(key: str) -> str:
    return key if key.replace("-", "").replace("_", "").isalnum() and key.isascii() else json.dumps(key)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items() if one is not None)
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Sequence):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value)


def _same(one: Scenario, other: Scenario) -> bool:
    return one.content_hash() == other.content_hash()


def _runs_alike(one: Scenario, other: Scenario) -> bool:
    """Tell whether two scenarios decide the same runs; which part a number stands in makes no difference."""
    alone: dict[str, Any] = {"parameters": {}, "settings": {}}
    try:
        bare = [scenario.changed(**alone) for scenario in (one, other)]
    except ProblemError:
        return False
    return one.numbers == other.numbers and _same(*bare)


def _write_place(place: PlaceFile, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    said = place.model_dump(mode="json", include=set(PlaceHeader.model_fields), exclude_none=True)
    lines = [
        "# The place as it was when it was fitted. Illustrative, not predictive.",
        *toml_lines(said),
        'scale = "0-1"',
    ]
    (folder / "place.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if place.generated is not None:
        return
    header = ("id", "name", "kind", "role", "size", *BEHAVIOUR_IDS, "threshold", "budget_exposure")
    rows = [
        (one.id, one.name, one.kind, one.role, one.size, *(one.practice or [None] * len(BEHAVIOUR_IDS)), one.threshold,
         one.budget_exposure)
        for one in place.organisations
    ]  # fmt: skip
    (folder / ORGANISATIONS).write_text(csv_text(header, map(_cells, rows)), encoding="utf-8")
    ties = [(tie.source, tie.target, tie.strength, tie.trust, tie.kind) for tie in place.relationships]
    (folder / RELATIONSHIPS).write_text(
        csv_text(("from", "to", "strength", "trust", "kind"), map(_cells, ties)), encoding="utf-8"
    )


def _cells(row: Sequence[Any]) -> list[str]:
    return ["" if cell is None else str(cell) for cell in row]
