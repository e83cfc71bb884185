"""Write a place as the three files of its folder, so that reading them gives the same place to the bit."""

from collections.abc import Sequence

from dashboard.decisions.toml_text import toml_text
from simulation.scenario import PlaceFile
from simulation.scenario.places import Organisation, PlaceHeader
from simulation.scenario.tables import csv_text
from simulation.vocabulary import BEHAVIOUR_IDS

ILLUSTRATIVE = "Illustrative, not predictive. Names here may be of real bodies and people: ask before you show them."


def place_files(place: PlaceFile) -> dict[str, str]:
    """Return the texts of place.toml and its tables by name; a generated place has no tables."""
    said = place.model_dump(mode="json", include=set(PlaceHeader.model_fields), exclude_defaults=True)
    if place.generated is not None:
        said |= {"generated": place.generated.model_dump(mode="json", exclude_defaults=True)}
        return {"place.toml": toml_text(said, comments=[ILLUSTRATIVE])}
    return {
        "place.toml": toml_text({"scale": "0-1"} | said, comments=[ILLUSTRATIVE]),
        "organisations.csv": _organisations(place.organisations),
        "relationships.csv": csv_text(
            ("from", "to", "strength", "trust", "kind"),
            ((tie.source, tie.target, _cell(tie.strength), _cell(tie.trust), tie.kind) for tie in place.relationships),
        ),
    }


def _organisations(organisations: Sequence[Organisation]) -> str:
    """Return the table, with one column of practice where no organisation's behaviours differ, else nine."""
    nine = any(one.practice is not None and len(set(one.practice)) > 1 for one in organisations)
    columns = BEHAVIOUR_IDS if nine else ("practice",)
    rows = []
    for one in organisations:
        practice = [""] * len(columns) if one.practice is None else [_cell(value) for value in one.practice]
        rows.append(
            [one.id, one.name, one.kind, one.role, _cell(one.size), *practice[: len(columns)], _cell(one.threshold),
             _cell(one.budget_exposure)]
        )  # fmt: skip
    return csv_text(("id", "name", "kind", "role", "size", *columns, "threshold", "budget_exposure"), rows)


def _cell(value: float | None) -> str:
    return "" if value is None else repr(float(value))
