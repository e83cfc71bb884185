"""Elements and ties out of tables; which elements are organisations, and each one's kind."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from simulation.importers.choices import LEFT_OUT, Choices, option
from simulation.importers.columns import is_no_name
from simulation.importers.kinds import FALLBACK, FIRST, Language, guess_kind, in_order, is_no_organisation, is_person
from simulation.importers.tables import Row, Table, folded, quoted, some
from simulation.scenario.errors import Findings
from simulation.vocabulary import KIND_IDS


@dataclass(frozen=True)
class Element:
    """An element as its file gives it; `other` holds further columns, where ends of ties may find their codes."""

    label: str
    id: str = ""
    type: str = ""
    role: str = ""
    size: str = ""
    other: tuple[tuple[str, str], ...] = ()
    file: str = ""
    line: int = 0
    table: int = 0
    order: int = 0
    """Its place among the elements of its table, from 0."""
    known_as: tuple[str, ...] = ()
    """Further names and ids of it."""
    made: bool = False
    """Whether a matrix's side names it, rather than a list of elements."""


@dataclass(frozen=True)
class Tie:
    """A connection as its file gives it: ends are still text."""

    source: str
    target: str
    type: str
    weight: str
    network: str
    file: str
    line: int
    table: int = 0
    adds: bool = False
    """Whether an end that no table lists is an element too."""
    types: tuple[str, str] = ("", "")
    """Types of the ends, where the list of ties gives them."""


def read_elements(table: Table, number: int, findings: Findings) -> list[Element]:
    """Return a table's elements; `number` is the table's own. Rows without a name or id are named by their line."""
    at = table.columns
    _say_columns(table, at, findings)
    elements: list[Element] = []
    unnamed, unlabelled = [], []
    for row in table.rows:
        cells = {role: row.at(position) for role, position in at.items()}
        label = cells.get("label") or cells.get("id") or ""
        if not any(row.cells):
            continue
        if "label" in at and label and not cells["label"]:
            unlabelled.append(label)
        if not label:
            label = f"Unnamed, line {row.line}"
            unnamed.append(str(row.line))
        other = tuple(
            (name, cell)
            for position, (name, cell) in enumerate(zip(table.header, row.cells, strict=False))
            if cell and name and position not in at.values()
        )
        given = {role: cells.get(role, "") for role in ("id", "type", "role", "size")}
        place = {"file": table.file, "line": row.line, "table": number, "order": len(elements), "made": table.made}
        elements.append(Element(label, **given, other=other, **place))  # type: ignore[arg-type]
    if unlabelled:
        text = f"elements without a name, named by their id: {len(unlabelled)} ({quoted(unlabelled)})"
        findings.doubt(text, file=table.file)
    if unnamed:
        shown = some(unnamed)
        findings.doubt(f"elements without a name, named by their line: {len(unnamed)} (line {shown})", file=table.file)
    return elements


def read_ties(table: Table, number: int, findings: Findings) -> list[Tie]:
    """Return a table's ties; `number` is the table's own."""
    at = dict(table.columns)
    if not table.rows:
        return []
    if "from" not in at or "to" not in at:
        findings.add("a column of ends is missing", file=table.file, key="columns", allowed="--columns from=...,to=...")
        return []
    if "tie" in at and all(_is_direction(row, at["tie"]) for row in table.rows):
        del at["tie"]  # Gephi calls a tie's direction its type
    _say_columns(table, at, findings)
    ties = []
    for row in table.rows:
        cells = {role: row.at(position) for role, position in at.items()}
        if any(row.cells):
            ties.append(
                Tie(
                    cells["from"], cells["to"], cells.get("tie", ""), cells.get("weight", ""),
                    cells.get("network") or table.network, table.file, row.line, number, adds=table.adds,
                    types=(cells.get("from type", ""), cells.get("to type", "")),
                )
            )  # fmt: skip
    return ties


def named(
    elements: list[Element], ties: list[Tie], choices: Choices, findings: Findings
) -> tuple[list[Element], list[Tie]]:
    """Return elements and ties without those whose name is none: an error that a spreadsheet shows, or a day.

    Adds a problem for each tie to one, unless it was chosen what to do with ties to what is no element.
    """
    kept = [_without_errors(element) for element in elements if not is_no_name(element.label)]
    if len(kept) < len(elements):
        shown = _placed((element.label, element.line) for element in elements if is_no_name(element.label))
        text = f"left out, since what stands where a name should is an error or a day: {len(elements) - len(kept)}"
        findings.doubt(f"{text} ({shown})", file=next(one.file for one in elements if is_no_name(one.label)))
    whole = [tie for tie in ties if not (is_no_name(tie.source) or is_no_name(tie.target))]
    lost = [(end, tie) for tie in ties for end in (tie.source, tie.target) if is_no_name(end)]
    if choices.drop_dangling or choices.add_dangling:
        if lost:
            shown = _placed((end, tie.line) for end, tie in lost)
            findings.doubt(
                f"ties to an error or a day, dropped: {len(ties) - len(whole)} ({shown})", file=lost[0][1].file
            )
        return kept, whole
    for end, tie in lost:
        findings.add(
            "is the end of a tie, and an error or a day that a spreadsheet shows in the place of a name",
            file=tie.file, line=tie.line, value=end, allowed="the name itself; --drop-dangling drops such ties",
        )  # fmt: skip
    return kept, whole


def _without_errors(element: Element) -> Element:
    """Return an element whose type, role, id and size are blank where a spreadsheet shows an error."""
    given = {name: getattr(element, name) for name in ("type", "role", "id", "size")}
    wrong: dict[str, Any] = {name: "" for name, text in given.items() if text.startswith("#") and is_no_name(text)}
    return replace(element, **wrong) if wrong else element


def _placed(found: Iterable[tuple[str, int]]) -> str:
    """Return some texts and the lines on which they stand."""
    return some(f"'{text}' on line {line}" for text, line in found)


def _is_direction(row: Row, position: int) -> bool:
    return folded(row.at(position)) in ("", "directed", "undirected", "mutual")


def _say_columns(table: Table, at: Mapping[str, int], findings: Findings) -> None:
    if table.made or not table.header:
        return
    read = ", ".join(f"{role} = '{table.header[position]}'" for role, position in at.items())
    rest = [name for position, name in enumerate(table.header) if name and position not in at.values()]
    where = f"{table.file}{f', {table.network}' if table.network and table.network not in table.file else ''}"
    findings.note(f"columns read: {read}" + (f"; not read: {quoted(rest)}" if rest else ""), file=where)


def joined(elements: list[Element], choices: Choices, findings: Findings) -> list[Element]:
    """Return elements with those of several tables joined by id or name, and identical rows of one table joined.

    Elements of one table that share a name or an id stay apart, and are said, unless it was chosen to merge them.
    Ids that name other elements in another table count rows there, and join nothing.
    """
    kept: list[Element] = []
    by_row: dict[Element, int] = {}
    by_id: dict[str, list[int]] = {}
    by_label: dict[str, list[int]] = {}
    same, merged = 0, []
    apart = _numbered_apart(elements, choices, findings)
    for element in elements:
        row, label, identity = replace(element, line=0, order=0), folded(element.label), folded(element.id)
        at = by_row.get(row)
        same += at is not None
        if at is None:
            at = _earlier(element, kept, by_id.get(identity, []), by_label.get(label, []), apart)
        if at is None and choices.merge_same_name and (label in by_label or identity in by_id):
            at = (by_label.get(label) or by_id[identity])[0]
            merged.append(element.label)
        if at is None:
            at = len(kept)
            kept.append(element)
            by_label.setdefault(label, []).append(at)
            if identity:
                by_id.setdefault(identity, []).append(at)
        elif row not in by_row:
            own = frozenset((kept[at].table, element.table)) not in apart
            kept[at] = _filled(kept[at], element)
            if own and identity and at not in by_id.get(identity, []):
                by_id.setdefault(identity, []).append(at)
        by_row.setdefault(row, at)
    if same:
        findings.note(f"identical rows of elements, taken once: {same}")
    if merged:
        shown = quoted(dict.fromkeys(merged))
        text = f"elements merged into another of the same name or id, as chosen: {len(merged)} ({shown})"
        findings.doubt(text)
    _say_twins(kept, by_label, "name", findings)
    _say_twins(kept, {key: places for key, places in by_id.items() if _one_table(kept, places)}, "id", findings)
    return kept


def _one_table(kept: list[Element], places: list[int]) -> bool:
    return len({kept[place].table for place in places}) == 1


def _numbered_apart(elements: list[Element], choices: Choices, findings: Findings) -> set[frozenset[int]]:
    """Return the pairs of tables whose ids are not one another's: most that both have name different elements."""
    names: dict[str, dict[int, Element]] = {}
    for element in elements:
        if element.id and folded(element.label) != folded(element.id):
            names.setdefault(folded(element.id), {}).setdefault(element.table, element)
    alike: dict[frozenset[int], int] = {}
    differ: dict[frozenset[int], list[tuple[Element, Element]]] = {}
    for tables in names.values():
        given = list(tables.values())
        for position, one in enumerate(given):
            for other in given[position + 1 :]:
                pair = frozenset((one.table, other.table))
                if folded(one.label) == folded(other.label):
                    alike[pair] = alike.get(pair, 0) + 1
                else:
                    differ.setdefault(pair, []).append((one, other))
    apart = {pair for pair, found in differ.items() if len(found) > alike.get(pair, 0)}
    for pair, found in differ.items():
        shown = "; ".join(f"'{one.id}' is '{one.label}' and '{other.label}'" for one, other in found[:3])
        if pair in apart and not choices.merge_same_name:
            text = f"ids of two tables that name different elements, not taken for the same: {len(found)} ({shown})"
            findings.note(text)
        else:
            findings.doubt(f"elements with one id and other names, taken for the same: {len(found)} ({shown})")
    return set() if choices.merge_same_name else apart


def _earlier(
    element: Element, kept: list[Element], same_id: list[int], alike: list[int], apart: set[frozenset[int]]
) -> int | None:
    """Return the position of the element of another table that this one is a second mention of."""
    for at in same_id:
        if kept[at].table != element.table and frozenset((kept[at].table, element.table)) not in apart:
            return at
    others = [at for at in alike if kept[at].table != element.table]
    if len(alike) == len(others) == 1:
        known = kept[others[0]]
        if not (known.id and element.id) or frozenset((known.table, element.table)) in apart:
            return others[0]
    return None


def _filled(one: Element, other: Element) -> Element:
    """Return the first with what it leaves blank from the second, and what else it is called."""
    given = {name: getattr(one, name) or getattr(other, name) for name in ("id", "type", "role", "size")}
    more = tuple(
        text for text in (other.label, other.id) if text and text not in (one.label, given["id"], *one.known_as)
    )
    return replace(one, **given, other=(*one.other, *other.other), known_as=(*one.known_as, *more))


def _say_twins(kept: list[Element], places_of: dict[str, list[int]], what: str, findings: Findings) -> None:
    twice = [places for places in places_of.values() if len(places) > 1]
    if twice:
        shown = some(
            (
                f"'{getattr(kept[places[0]], 'label' if what == 'name' else 'id')}' "
                f"(lines {some(kept[one].line for one in places)})"
                for places in twice
            ),
        )
        text = f"several elements with one {what}, kept apart: {shown}"
        findings.doubt(text, hint="--merge-same-name merges them")


NO_TYPE = "(no type)"
MOST_SHOWN = 12
BASES = {
    "chosen": "as chosen",
    "type": "guessed from the type",
    "name": "guessed from the name",
    "nothing": "nothing says; assumed",
    "no organisation": "taken for no organisation",
}


@dataclass(frozen=True)
class Guess:
    """What was made of elements of one type: their number, the kind ("none": left out), and from what."""

    type: str
    kind: str
    basis: str
    count: int

    @property
    def shown_kind(self) -> str:
        """Return the kind for people."""
        return "left out" if self.kind == LEFT_OUT else self.kind

    @property
    def why(self) -> str:
        """Return from what the kind follows, for people."""
        return BASES[self.basis]

    def __str__(self) -> str:
        """Return all of it for people."""
        return f"{self.type}: {self.count} {self.shown_kind} ({self.why})"


def selected(elements: list[Element], choices: Choices, findings: Findings) -> tuple[dict[int, str], list[Guess]]:
    """Return the kinds of the elements that are kept, by position, and what was made of each type."""
    order = in_order(text for element in elements for text in (element.type, element.label))
    elements = _typed_by_role(elements, order)
    choices = _without_no_type(elements, choices)
    _check(elements, choices, findings)
    chosen = {folded(name): kind for name, kind in choices.kinds.items()}
    made = [_kind(element, choices, chosen, order) for element in elements]
    kinds = {position: kind for position, (kind, _) in enumerate(made) if kind != LEFT_OUT}
    counts = Counter(
        (element.type or NO_TYPE, kind, basis) for element, (kind, basis) in zip(elements, made, strict=True)
    )
    guesses = [Guess(type_, kind, basis, count) for (type_, kind, basis), count in counts.most_common()]
    if order[0].name != FIRST:
        findings.note(f"kinds were guessed by words that are {order[0].name.title()} first")
    _say(elements, made, guesses, findings)
    if elements and not kinds and not findings.problems:
        shown = quoted(dict.fromkeys(guess.type for guess in guesses), most=MOST_SHOWN)
        out = next((guess.type for guess in guesses if guess.basis == "no organisation"), None)
        message = f"no element is left, since none of the types is taken for organisations: {shown}"
        allowed = "other types to keep" if out is None else f"{_keeping(out)}, or another kind, for one that is"
        findings.add(message, allowed=allowed)
    return kinds, guesses


def _without_no_type(elements: list[Element], choices: Choices) -> Choices:
    """Return choices in which "(no type)", as tables print it, stands for no type, unless a type is called so."""
    if any(folded(element.type) == NO_TYPE for element in elements):
        return choices

    def plain(name: str) -> str:
        return "" if folded(name) == NO_TYPE else name

    return replace(
        choices,
        kinds={plain(name): kind for name, kind in choices.kinds.items()},
        only=tuple(map(plain, choices.only)),
        without_types=tuple(map(plain, choices.without_types)),
    )


def _keeping(type_: str) -> str:
    """Return the option that keeps the elements of a type."""
    return option("--kind", f"{type_}={FALLBACK}")


def _typed_by_role(elements: list[Element], order: tuple[Language, ...]) -> list[Element]:
    """Return elements whose roles stand for their types where none has a type, and every role is a person's.

    A role such as coordinator may be an organisation's: where others have roles that no person has, it is.
    """
    roles = {element.role for element in elements if element.role}
    if not roles or any(element.type for element in elements) or not all(is_person(role, order) for role in roles):
        return elements
    return [replace(element, type=element.role) for element in elements]


def _kind(element: Element, choices: Choices, chosen: dict[str, str], order: tuple[Language, ...]) -> tuple[str, str]:
    """Return an element's kind, or "none" where it is left out, and from what that follows."""
    type_, only = folded(element.type), {folded(name) for name in choices.only}
    if (only and type_ not in only) or type_ in {folded(name) for name in choices.without_types}:
        return LEFT_OUT, "chosen"
    for name in (folded(element.label), type_):
        if name in chosen:
            return chosen[name], "chosen"
    if not only and is_no_organisation(element.type, order):
        return LEFT_OUT, "no organisation"
    return guess_kind(element.type, element.label, order)


def _check(elements: list[Element], choices: Choices, findings: Findings) -> None:
    """Add a problem for each type, name or kind that was chosen and is not there."""
    types = list(dict.fromkeys(element.type for element in elements))
    labels = [element.label for element in elements]
    known = {folded(name) for name in types}
    for key, names in (("--only", choices.only), ("--without-type", choices.without_types)):
        for name in names:
            if folded(name) not in known:
                message = "is no type in this map"
                allowed = [one or NO_TYPE for one in types]
                findings.add(message, key=key, value=name or NO_TYPE, allowed=allowed, like=types)
    for name, kind in choices.kinds.items():
        if folded(name) not in known | {folded(label) for label in labels}:
            message = "is no type and no name in this map"
            allowed = [one or NO_TYPE for one in types]
            findings.add(message, key="--kind", value=name or NO_TYPE, allowed=allowed, like=[*types, *labels])
        if kind not in (*KIND_IDS, LEFT_OUT):
            allowed_kinds = (*KIND_IDS, LEFT_OUT)
            findings.add("is not a kind", key="--kind", value=kind or '""', allowed=allowed_kinds, like=allowed_kinds)


def _say(elements: list[Element], made: list[tuple[str, str]], guesses: list[Guess], findings: Findings) -> None:
    out = [guess for guess in guesses if guess.kind == LEFT_OUT]
    if out:
        shown = some((f"{guess.type} ({guess.count})" for guess in out), most=MOST_SHOWN)
        number = sum(guess.count for guess in out)
        guessed = next((guess.type for guess in out if guess.basis == "no organisation"), None)
        hint = "" if guessed is None else f"; {_keeping(guessed)} keeps that type"
        findings.note(f"elements left out by type: {number}: {shown}{hint}")
    for guess in guesses:
        if guess.kind != LEFT_OUT and guess.basis != "nothing":
            findings.note(f"kind: {guess}")
    unknown = [element.label for element, (_, basis) in zip(elements, made, strict=True) if basis == "nothing"]
    if unknown:
        shown = quoted(unknown, most=MOST_SHOWN)
        findings.note(f"kind assumed {FALLBACK}, since neither type nor name says: {len(unknown)}: {shown}")
    kept = sum(guess.count for guess in guesses if guess.kind != LEFT_OUT)
    if 2 * len(unknown) > kept:
        text = f"over half of the kinds are assumed: {len(unknown)} of {kept} are {FALLBACK} since nothing says"
        type_ = next(guess.type for guess in guesses if guess.basis == "nothing")
        findings.doubt(text, hint=f"for example {option('--kind', f'{type_}=health')} says what they are")
