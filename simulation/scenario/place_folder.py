"""Read a place: place.toml, with two tables beside it or with a table [generated]."""

from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from simulation.scenario.find import Found
from simulation.scenario.organisations import Organisations, read_organisations
from simulation.scenario.parts import note_implausible
from simulation.scenario.places import PlaceFile, PlaceHeader, Relationship
from simulation.scenario.problems import Findings
from simulation.scenario.relationships import read_relationships
from simulation.scenario.toml import Document, read_toml
from simulation.scenario.validation import add_errors, validated

ORGANISATIONS, RELATIONSHIPS = "organisations.csv", "relationships.csv"


class PlaceDocument(PlaceHeader):
    """What may stand in place.toml; `scale` is that of the tables' columns practice, trust and strength.

    `doubts` are what an import was not sure of: said again whenever the place is read, and nothing else.
    """

    doubts: tuple[str, ...] = ()
    scale: Literal["0-1", "0-10", "1-10", "percent"] = "0-1"


def read_place(found: Found, findings: Findings) -> PlaceFile | None:
    """Return the place of a folder, or None with everything that is wrong in its files added."""
    document = read_toml(found.path, findings)
    if document is None and not found.path.parent.is_dir():
        return None
    data = document.data if document is not None else {}
    header = None if document is None else validated(PlaceDocument, data, document, findings)
    if header is not None and document is not None:
        for text in header.doubts:
            findings.note(f"{text} (take it out of doubts once it is settled)", file=document.file)
        note_implausible(header.parameters, document, findings, path=("parameters",))
    if "generated" in data:
        _refuse_tables(found.path.parent, findings)
        organisations, relationships = None, None
    else:
        organisations, relationships = _tables(found.path.parent, str(data.get("scale", "0-1")), findings)
    if header is None or document is None or findings.problems:
        return None
    return _place(header, organisations, relationships, found, document, findings)


def _tables(folder: Path, scale: str, findings: Findings) -> tuple[Organisations | None, list[Relationship] | None]:
    organisations = read_organisations(folder / ORGANISATIONS, scale=scale, findings=findings)
    ids = None if organisations is None else organisations.ids
    return organisations, read_relationships(folder / RELATIONSHIPS, scale=scale, ids=ids, findings=findings)


def _refuse_tables(folder: Path, findings: Findings) -> None:
    for name in (ORGANISATIONS, RELATIONSHIPS):
        if (folder / name).exists():
            message = "stands beside place.toml, which says to generate the place"
            findings.add(message, file=str(folder), value=name, allowed="the tables or [generated], not both")


def _place(
    header: PlaceDocument,
    organisations: Organisations | None,
    relationships: list[Relationship] | None,
    found: Found,
    document: Document,
    findings: Findings,
) -> PlaceFile | None:
    fields = {name: getattr(header, name) for name in PlaceHeader.model_fields}
    fields["name"] = found.name
    if organisations is not None:
        fields["organisations"] = tuple(organisations.organisations)
        fields["relationships"] = tuple(relationships or ())
        fields["council"] = header.council or _only_council(organisations, findings, file=document.file)
    try:
        return PlaceFile(**fields)
    except ValidationError as error:
        add_errors(error, PlaceFile, document.data, document, findings)
        return None


def _only_council(organisations: Organisations, findings: Findings, *, file: str) -> str | None:
    councils = [one.id for one in organisations.organisations if one.kind == "council"]
    if len(councils) == 1:
        findings.note(f"the council is '{councils[0]}', the only organisation of that kind", file=file)
        return councils[0]
    findings.note("no council is named, so no site is chosen for its tie to the council", file=file)
    return None
