"""A stakeholder map's bytes into a place and its three files, with all that was assumed."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from simulation.importers.choices import COLUMNS, ENCODINGS, FORMS, POSITIONS, SPLITS, WEIGHTS, Choices, Form, goes_by
from simulation.importers.columns import Sort, sort_of
from simulation.importers.delimited import known_encoding
from simulation.importers.elements import Element, Guess, Tie, joined, named, read_elements, read_ties, selected
from simulation.importers.formats import read_upload
from simulation.importers.headers import SEARCHED
from simulation.importers.recognition import recognised
from simulation.importers.tables import (
    LONGEST_TEXT,
    MOST_ELEMENTS,
    MOST_FILES,
    MOST_NOTES,
    MOST_TIES,
    RefusedError,
    Sheet,
    Table,
    Upload,
    clean,
    folded,
    quoted,
    some,
    unaccented,
)
from simulation.importers.ties import (
    Pair,
    elements_from_ends,
    linked,
    mentioned,
    merged,
    number,
    strengths,
    without_no_ties,
)
from simulation.scenario.errors import Findings
from simulation.scenario.files import toml_comment, toml_string
from simulation.scenario.tables import csv_text
from simulation.text import counted

_TABLE = re.compile(rf"(.+):\s*((?:{'|'.join(COLUMNS)})\s*=.*)", re.DOTALL)
_NEXT = re.compile(rf",(?=\s*(?:{'|'.join(COLUMNS)})\s*=)")


def choices_of(
    *,
    columns: Sequence[str] = (),
    kinds: Sequence[str] = (),
    only: Sequence[str] = (),
    without_types: Sequence[str] = (),
    sheets: Sequence[str] = (),
    networks: Sequence[str] = (),
    weights: str = "",
    form: str | Sequence[str] = (),
    split: str = "",
    encoding: str = "",
    at: str = "",
    drop_dangling: bool = False,
    add_dangling: bool = False,
    merge_same_name: bool = False,
    header: bool = True,
) -> Choices:
    """Return choices; `columns` and `kinds` are texts such as `from=Org A,to=Org B` and `Trust=health`.

    A text of `columns` or `form` may begin with a table's name and a colon: `ties.csv: from=Org A`.

    Raises ProblemError with everything that is wrong.

    >>> dict(choices_of(columns=["from=Org A, to=Org B"]).columns)
    {'from': 'Org A', 'to': 'Org B'}
    """
    findings = Findings()
    general, forms = _forms([form] if isinstance(form, str) else form)
    for key, values, names in (
        ("--weights", [weights], WEIGHTS), ("--form", [general, *forms.values()], FORMS), ("--split", [split], SPLITS),
    ):  # fmt: skip
        for value in values:
            if value and value not in names:
                findings.add("is none of the choices", key=key, value=value, allowed=names, like=names)
    if encoding and not known_encoding(encoding):
        findings.add("is none of the choices", key="--encoding", value=encoding, allowed=ENCODINGS, like=ENCODINGS)
    if drop_dangling and add_dangling:
        findings.add("--drop-dangling and --add-dangling can't both be meant")
    named = [part for text in columns for part in _of_table(text)]
    choices = Choices(
        columns=_pairs(named, "--columns", "from=Column", findings),
        kinds=_pairs(kinds, "--kind", "Type=voluntary", findings),
        only=tuple(only),
        without_types=tuple(without_types),
        sheets=tuple(sheets),
        networks=tuple(networks),
        weights=weights,  # type: ignore[arg-type]
        form=general,
        forms=forms,
        split=split,
        encoding=known_encoding(encoding),
        at=at.strip(),
        drop_dangling=drop_dangling,
        add_dangling=add_dangling,
        merge_same_name=merge_same_name,
        header=header,
    )
    return findings.settle(choices)


def _of_table(text: str) -> list[str]:
    """Return a text about columns in its parts, each with the name of the table that the text begins with."""
    found = _TABLE.fullmatch(text)
    if found is None or "=" in found[1]:
        return _NEXT.split(text)
    return [f"{found[1].strip()}: {part.strip()}" for part in _NEXT.split(found[2])]


def _forms(texts: Sequence[str]) -> tuple[Form, dict[str, Form]]:
    """Return the form of all tables, and that of each that is named."""
    general, forms = "", {}
    for text in texts:
        table, colon, form = text.rpartition(":")
        if colon:
            forms[table.strip()] = form.strip()
        else:
            general = form.strip()
    return general, forms  # type: ignore[return-value]


def _pairs(texts: Sequence[str], option: str, example: str, findings: Findings) -> dict[str, str]:
    """Return texts of the form A=B as a mapping; the last equals sign counts in a kind, the first in a column."""
    pairs: dict[str, str] = {}
    for text in texts:
        before, sign, after = text.rpartition("=") if option == "--kind" else text.partition("=")
        if not sign:
            findings.add("has no equals sign", key=option, value=text or '""', allowed=example)
        elif before.strip() in pairs:
            findings.add("is given twice", key=option, value=before.strip() or '""')
        else:
            pairs[before.strip()] = after.strip()
    return pairs


def check_columns(parts: Sequence[Sheet | Table], choices: Choices, findings: Findings) -> None:
    """Add a problem for each column that was named and is in no table."""
    for key, name in choices.columns.items():
        table, colon, role = key.rpartition(":")
        role = role.strip()
        named = [part for part in parts if not colon or goes_by(part, table)]
        headers = list(dict.fromkeys(cell for part in named for cell in _headings(part) if cell))
        cells = {folded(cell) for part in named for cell in _cells(part)} | {folded(cell) for cell in headers}
        widest = max((_width(part) for part in named), default=0)
        number = name.isdecimal() and len(name) < 6 and 1 <= int(name) <= widest
        if role not in COLUMNS:
            findings.add("is nothing a column is read as", key="--columns", value=role, allowed=COLUMNS, like=COLUMNS)
        elif not named:
            names = list(dict.fromkeys(part.file for part in parts))
            findings.add("is no sheet, list or file here", key="--columns", value=table, allowed=names, like=names)
        elif (role, name) in (("id", one) for one in POSITIONS):
            continue
        elif not number and (not name or folded(name) not in cells):
            findings.add("is no column here", key="--columns", value=name or '""', allowed=headers, like=headers)


def _headings(part: Sheet | Table) -> tuple[str, ...]:
    """Return what a table's columns may be called: of a sheet, the row among the first with the most cells."""
    if isinstance(part, Table):
        return part.header
    rows = [row.cells for row in part.rows[:SEARCHED]]
    return max(rows, key=lambda cells: sum(1 for cell in cells if cell), default=())


def _cells(part: Sheet | Table) -> Iterator[str]:
    return iter(()) if isinstance(part, Table) else (cell for row in part.rows[:SEARCHED] for cell in row.cells)


def _width(part: Sheet | Table) -> int:
    return len(part.header) if isinstance(part, Table) else part.width


def chosen_networks(tables: list[Table], choices: Choices, findings: Findings) -> list[Table]:
    """Return the tables of the networks that were chosen; all, with a word about it, where none was.

    A network is a map, a sheet, or what a column of networks says of a tie. What only the others' tables hold goes
    with them, elements too.
    """
    sized: dict[str, int] = {}
    for table in tables:
        for name in _networks(table):
            sized[name] = sized.get(name, 0) + 1
        if table.role == "connections" and table.network and not table.rows:
            sized.setdefault(table.network, 0)
    wanted = {folded(name) for name in choices.networks}
    for name in choices.networks:
        if folded(name) not in {folded(one) for one in sized}:
            message = "is no map, sheet or network with ties here"
            findings.add(message, key="--network", value=name or '""', allowed=list(sized), like=list(sized))
    if not wanted:
        if len(sized) > 1:
            shown = some(f"'{name}' ({counted(count, 'tie')})" for name, count in sized.items())
            findings.note(f"several networks were read as one: {shown}; --network takes some of them")
        return tables
    findings.note(f"networks taken, as chosen: {', '.join(choices.networks)}")
    out = {folded(name) for name in sized} - wanted
    return [_of_networks(table, wanted) for table in tables if folded(table.network) not in out or _networks(table)]


def _networks(table: Table) -> list[str]:
    """Return the network of each tie."""
    if table.role != "connections":
        return []
    names = (table.network_of(row) for row in table.rows if any(row.cells))
    return [name for name in names if name]


def _of_networks(table: Table, wanted: set[str]) -> Table:
    """Return the ties of some networks; a list of elements as it is."""
    if not _networks(table):
        return table
    return replace(table, rows=tuple(row for row in table.rows if folded(table.network_of(row)) in wanted))


LONGEST_ID = 60


def harmless(text: str) -> str:
    """Return text that fits in a place's table, whose writer keeps spreadsheets from taking it for a formula.

    >>> harmless("=HYPERLINK(1) "), harmless("Age UK")
    ('=HYPERLINK(1)', 'Age UK')
    """
    return text.strip()[:LONGEST_TEXT].strip()


def ids_of(labels: Sequence[str]) -> list[str]:
    """Return a short text of its own for each name.

    >>> ids_of(["Café of Leeds", "café, of Leeds", "+"])
    ['cafe-of-leeds', 'cafe-of-leeds-2', 'organisation']
    """
    used: set[str] = set()
    counts: dict[str, int] = {}
    ids = []
    for label in labels:
        apart = unicodedata.normalize("NFKD", label.replace("'", "").replace("’", "")).casefold()
        stem = re.sub(r"[\W_]+", "-", unaccented(apart)).strip("-")[:LONGEST_ID].strip("-")
        stem = stem or "organisation"
        identity = stem
        while identity in used:
            counts[stem] = counts.get(stem, 1) + 1
            identity = f"{stem}-{counts[stem]}"
        used.add(identity)
        ids.append(identity)
    return ids


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
        shown = quoted(name[:60] for name in names)
        findings.doubt(f"names that look like {NOT_NAMES[sort]}: {len(names)} of {len(labels)}: {shown}")


def _say_isolated(kinds: dict[int, str], pairs: list[Pair], labels: list[str], findings: Findings) -> None:
    tied = {end for pair in pairs for end in (pair.source, pair.target)}
    alone = [labels[position] for position in kinds if position not in tied]
    if not pairs:
        findings.doubt(f"no ties at all: {counted(len(alone), 'organisation')}, of which none works with another")
    if alone:
        share = round(100 * len(alone) / len(kinds))
        findings.note(f"organisations without any tie, kept: {len(alone)} of {len(kinds)} ({share}%): {quoted(alone)}")


LONGEST_NOTE = 1_000
BLANKS = (
    "practice is blank: for each seed it is drawn between practice_low and practice_high (assumed)",
    "size is blank where the map gives none that was chosen: then 1, the same for all (assumed)",
    "strength is blank where no weight was used: then the model's usual trust (assumed)",
    "days, budget and numbers of the model are the model's own: none is known of this place",
)


def place_files(imported: Imported, *, title: str) -> dict[str, str]:
    """Return the texts of place.toml, organisations.csv and relationships.csv by name."""
    organisations = [(one.id, one.name, one.kind, one.role, one.size, "") for one in imported.organisations]
    relationships = [
        (one.source, one.target, "" if one.strength is None else f"{one.strength:g}", "", one.kind)
        for one in imported.relationships
    ]
    return {
        "place.toml": _toml(imported, title),
        "organisations.csv": csv_text(("id", "name", "kind", "role", "size", "practice"), organisations),
        "relationships.csv": csv_text(("from", "to", "strength", "trust", "kind"), relationships),
    }


def _toml(imported: Imported, title: str) -> str:
    sources = ", ".join(imported.sources)
    people, ties = len(imported.organisations), len(imported.relationships)
    size = f"{counted(people, 'organisation')}, {counted(ties, 'relationship')}"
    councils = [one.id for one in imported.organisations if one.kind == "council"]
    if len(councils) == 1:
        council = f"council = {toml_string(clean(councils[0]))}   # the only organisation of that kind"
    else:
        council = '# council = "..."   # the id of the organisation whose tie counts when sites are chosen'
    lines = [
        *toml_comment(clean(f"{title}, imported from {sources}. Illustrative, not predictive.")[:LONGEST_NOTE]),
        "#",
        "# What the import read, assumed and left out",
        *(line for note in imported.notes for line in toml_comment(clean(note)[:LONGEST_NOTE], item=True)),
        "#",
        "# What is blank, and what that means",
        *(line for note in BLANKS for line in toml_comment(clean(note)[:LONGEST_NOTE], item=True)),
        "#",
        *toml_comment(
            "Names here may be of real bodies and people: ask before you show them. No result is a verdict on any."
        ),
        "",
        f"title = {toml_string(clean(title))}",
        f"description = {toml_string(clean(f'Imported from {sources}: {size}.'))}",
        council,
        'scale = "0-1"          # of practice, trust and strength in the tables',
        "practice_low = 0.0     # where practice is blank, it is drawn between these two, on 0-1 (assumed)",
        "practice_high = 0.12",
        "# days = 20            # days a month of the learning partner; the model's number where left out",
        *_doubts(imported.doubts),
        "",
    ]
    return "\n".join(lines)


def _doubts(doubts: Sequence[str]) -> list[str]:
    """Return what the import was not sure of as a key that the place's reader says again."""
    if not doubts:
        return []
    texts = (f"  {toml_string(clean(text)[:LONGEST_NOTE])}," for text in doubts)
    return ["# What may well be wrong; `place check` says it again. Take a line out once it is settled.", "doubts = [",
            *texts, "]"]  # fmt: skip
