"""Make a place out of a stakeholder map: bytes in, organisations and relationships out, with all that was assumed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from experiments.importing.choices import Choices
from experiments.importing.choosing import check_columns, chosen_networks
from experiments.importing.elements import Element, Tie, joined, named, read_elements, read_ties
from experiments.importing.ends import elements_from_ends, linked, mentioned
from experiments.importing.evidence import Sort, sort_of
from experiments.importing.limits import MOST_ELEMENTS, MOST_FILES, MOST_NOTES, MOST_TIES
from experiments.importing.merging import Pair, merged
from experiments.importing.naming import harmless, ids_of
from experiments.importing.reading import read_upload
from experiments.importing.recognition import recognised
from experiments.importing.selecting import Guess, selected
from experiments.importing.tables import RefusedError, Table, Upload, clean, folded
from experiments.importing.weights import number, strengths, without_no_ties
from simulation.scenario.problems import Findings
from simulation.text import counted

MOST_NAMED = 8


@dataclass(frozen=True)
class OrganisationRow:
    """A row of organisations.csv."""

    id: str
    name: str
    kind: str
    role: str
    size: str


@dataclass(frozen=True)
class RelationshipRow:
    """A row of relationships.csv; strength on 0-1, None where blank."""

    source: str
    target: str
    strength: float | None
    kind: str


@dataclass(frozen=True)
class Imported:
    """A place made from a map: its two tables, what was made of each type, and everything assumed or left out.

    `doubts` are what may well be wrong: so many of the notes, the first, say it with what to do about it.
    """

    organisations: tuple[OrganisationRow, ...]
    relationships: tuple[RelationshipRow, ...]
    guesses: tuple[Guess, ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]
    doubts: tuple[str, ...] = ()


def import_map(uploads: Sequence[Upload], choices: Choices | None = None) -> Imported:
    """Return the place that the files describe.

    Nothing in them is run, followed or opened. Raises ProblemError with all that is wrong, by file and line.
    """
    choices = choices or Choices()
    findings = Findings()
    try:
        return _import(uploads, choices, findings)
    except RefusedError as error:
        findings.add(str(error))
        return findings.settle(None)


def _import(uploads: Sequence[Upload], choices: Choices, findings: Findings) -> Imported:
    if not 1 <= len(uploads) <= MOST_FILES:
        findings.add("is the number of files", value=str(len(uploads)), allowed=f"1 to {MOST_FILES}")
    parts = [] if findings.problems else [part for one in uploads for part in read_upload(one, choices, findings)]
    if findings.problems:
        findings.settle(None)
    check_columns(parts, choices, findings)
    tables = recognised(parts, choices, findings)
    if findings.problems:
        findings.settle(None)
    tables = chosen_networks(tables, choices, findings)
    elements, ties = _elements_and_ties(tables, choices, findings)
    if findings.problems:
        findings.settle(None)
    return _imported(elements, ties, choices, findings, tuple(clean(one.name) for one in uploads))


def _elements_and_ties(tables: list[Table], choices: Choices, findings: Findings) -> tuple[list[Element], list[Tie]]:
    elements: list[Element] = []
    ties: list[Tie] = []
    for position, table in enumerate(tables):
        if table.role == "elements":
            elements += read_elements(table, position, findings)
        else:
            ties += read_ties(table, position, findings)
    elements, ties = named(elements, ties, choices, findings)
    if not elements and not ties and not findings.problems:
        findings.add("there are no elements and no ties in what was read", allowed="a row an element, or a tie")
    _check_numbers(elements, ties)
    elements, unknown = mentioned(elements, choices, findings)
    ties = [tie for tie in ties if not {folded(tie.source), folded(tie.target)} & unknown]
    everyone = joined(elements, choices, findings) if elements else elements_from_ends(ties, choices, findings)
    _check_numbers(everyone, ties)
    return everyone, ties


def _check_numbers(elements: Sequence[Element], ties: Sequence[Tie]) -> None:
    if len(elements) > MOST_ELEMENTS or len(ties) > MOST_TIES:
        limit = f"{MOST_ELEMENTS:,} elements and {MOST_TIES:,} ties are read at most"
        msg = f"the map has {len(elements):,} elements and {len(ties):,} ties: {limit}"
        raise RefusedError(msg)


def _imported(
    elements: list[Element], ties: list[Tie], choices: Choices, findings: Findings, sources: tuple[str, ...]
) -> Imported:
    links = without_no_ties(linked(elements, ties, choices, findings), findings)
    kinds, guesses = selected(elements, choices, findings)
    inside = [link for link in links if link.source in kinds and link.target in kinds]
    if len(inside) < len(links):
        findings.note(f"ties of elements that were left out, dropped with them: {len(links) - len(inside)}")
    labels = [element.label for element in elements]
    pairs = merged(inside, strengths(inside, choices, findings), labels, findings)
    _say_isolated(kinds, pairs, labels, findings)
    _doubt_names([labels[position] for position in kinds], findings)
    ids = ids_of([labels[position] for position in kinds])
    by_position = dict(zip(kinds, ids, strict=True))
    organisations = tuple(
        _organisation(elements[position], by_position[position], kind, findings) for position, kind in kinds.items()
    )
    relationships = tuple(
        RelationshipRow(by_position[pair.source], by_position[pair.target], pair.strength, harmless(pair.kind))
        for pair in pairs
    )
    if any(element.type and not element.role for element in elements):
        findings.note("role is the type that the map gives, where it gives no role")
    if any(one.id != one.name for one in organisations):
        findings.note("ids were made from the names")
    texts = [
        text for position in kinds for text in (labels[position], elements[position].role or elements[position].type)
    ]
    if changed := sum(harmless(text) != text for text in (*texts, *(pair.kind for pair in pairs))):
        why = "longer than a table takes"
        findings.note(f"texts shortened: {changed} ({why})")
    result = Imported(organisations, relationships, tuple(guesses), (), sources)
    notes: list[str] = []
    findings.settle(result, notes)
    doubts = list(dict.fromkeys(findings.doubts))[:MOST_NOTES]
    told = [str(doubt) for doubt in doubts]
    return replace(result, notes=_shortened([*told, *notes]), doubts=tuple(doubt.text for doubt in doubts))


def _shortened(notes: list[str]) -> tuple[str, ...]:
    """Return each note once, and no more of them than somebody reads."""
    once = tuple(dict.fromkeys(notes))
    return once if len(once) <= MOST_NOTES else (*once[:MOST_NOTES], f"and {len(once) - MOST_NOTES} more notes")


def _organisation(element: Element, identity: str, kind: str, findings: Findings) -> OrganisationRow:
    size = ""
    if element.size:
        value = number(element.size)
        if value is None or not 0 < value <= 1e9:
            where = {"file": element.file, "line": element.line, "key": "size"}
            findings.add("can't be a size", **where, value=element.size, allowed="a number above 0")  # type: ignore[arg-type]
        else:
            size = f"{value:g}"
    name = harmless(element.label) or identity
    return OrganisationRow(identity, name, kind, harmless(element.role or element.type), size)


NOT_NAMES: dict[Sort, str] = {
    "numbers": "numbers", "dates": "dates", "addresses": "addresses, postcodes or e-mails", "prose": "sentences",
    "marks": "answers such as yes and no",
}  # fmt: skip


def _doubt_names(labels: list[str], findings: Findings) -> None:
    """Say which names look like something else: another column may hold the names."""
    found: dict[Sort, list[str]] = {}
    for label in labels:
        sort = sort_of(label)
        if sort in NOT_NAMES and (sort != "marks" or len(label) > 1):
            found.setdefault(sort, []).append(label)
    for sort, names in found.items():
        shown = ", ".join(f"'{name[:60]}'" for name in names[:MOST_NAMED])
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        findings.doubt(f"names that look like {NOT_NAMES[sort]}: {len(names)} of {len(labels)}: {shown}{more}")


def _say_isolated(kinds: dict[int, str], pairs: list[Pair], labels: list[str], findings: Findings) -> None:
    tied = {end for pair in pairs for end in (pair.source, pair.target)}
    alone = [labels[position] for position in kinds if position not in tied]
    if not pairs:
        findings.doubt(f"no ties at all: {counted(len(alone), 'organisation')}, of which none works with another")
    if alone:
        shown = ", ".join(f"'{name}'" for name in alone[:MOST_NAMED])
        more = f" and {len(alone) - MOST_NAMED} more" if len(alone) > MOST_NAMED else ""
        share = round(100 * len(alone) / len(kinds))
        findings.note(f"organisations without any tie, kept: {len(alone)} of {len(kinds)} ({share}%): {shown}{more}")
