"""Whom the ends of ties mean, what the numbers on ties say, and each pair as one relationship."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from simulation.importers.choices import POSITIONS, Choices, option
from simulation.importers.columns import SEPARATORS, pieces
from simulation.importers.elements import Element, Tie, joined
from simulation.importers.matrices import UNANSWERED, is_no_tie
from simulation.importers.tables import MOST_TIES, RefusedError, folded, quoted, some
from simulation.scenario.errors import SEARCHED, Findings
from simulation.scenario.tables import SCALES

ALIKE = 0.5
"""Share of the names in cells with commas that must be known elsewhere for the commas to stand between names."""
MANY = 0.25
"""Share of a table's ends from which cells with commas have to be asked about."""
APART = (",", "/", " & ", " and ", "+")
"""What may stand between names of a cell where all that it parts are names."""
CLOSE = 0.85
"""Likeness of two names from which one is taken for a slip of the other."""
DANGLING_HINT = "an element's name or id; --drop-dangling drops such ties, --add-dangling adds the elements"
CODES = 0.5
"""Share of the ends found no other way that a column must hold to be taken for their codes."""


@dataclass(frozen=True)
class Link:
    """A tie between two elements by position; `order` tells its direction, which the model has no use for."""

    source: int
    target: int
    type: str
    weight: str
    network: str
    file: str
    line: int


class Names:
    """Find elements by what they are called."""

    def __init__(self, elements: list[Element]) -> None:
        """Take note of every id and name, as written and as compared."""
        self.elements = elements
        self.ways: list[dict[str, list[int]]] = [{}, {}, {}, {}]
        self.positions: dict[str, list[int]] = {}
        for position, element in enumerate(elements):
            self.add(element, position)

    def add(self, element: Element, position: int) -> None:
        """Take note of one element."""
        texts = (element.id, element.label, folded(element.id), folded(element.label))
        for way, text in zip(self.ways, texts, strict=False):
            if text:
                way.setdefault(text, []).append(position)
        for text in element.known_as:
            for way, name in ((self.ways[0], text), (self.ways[2], folded(text))):
                if position not in way.setdefault(name, []):
                    way[name].append(position)

    def find(self, text: str) -> list[int]:
        """Return the positions of the elements that a text may mean: one, none or several."""
        return self.found(text)[1]

    def found(self, text: str) -> tuple[bool, list[int]]:
        """Return whether case or blanks had to be passed over, and the positions of the elements meant."""
        if places := self.positions.get(text):
            return False, places
        for number, way in enumerate(self.ways):
            places = way.get(text if number < 2 else folded(text))
            if places:
                return number in (2, 3), places
        return False, []

    def learn_codes(self, missing: set[str], findings: Findings) -> None:
        """Find the column in which most ends stand that no id or name explains, and read it as their codes."""
        columns: dict[str, dict[str, list[int]]] = {}
        for position, element in enumerate(self.elements):
            for name, value in element.other:
                columns.setdefault(name, {}).setdefault(folded(value), []).append(position)
        wanted = {folded(text) for text in missing}
        found = {name: sum(len(values.get(text, ())) == 1 for text in wanted) for name, values in columns.items()}
        best = max(found, key=lambda name: found[name], default=None)
        if best is not None and found[best] >= max(CODES * len(wanted), 1):
            self.ways.append(columns[best])
            findings.note(f"ends of ties are codes of the column '{best}'")

    def learn_positions(self, ends: set[str], choices: Choices, findings: Findings, *, tie: Tie) -> None:
        """Read ends that are numbers, and no id or name, as counting the rows of the one table of elements."""
        listed = [element for element in self.elements if not element.made]
        numbers = {int(end) for end in ends}
        size = max((element.order + 1 for element in listed), default=0)
        asked = choices.columns.get("id", "")
        able = [first for first in (0, 1) if first <= min(numbers) and max(numbers) < size + first]
        if asked in POSITIONS:
            able = [POSITIONS.index(asked)]
        elif len({element.table for element in listed}) != 1 or not able:
            return
        known = [end for end in ends if self.find(end)]
        sure = [0] if 0 in numbers else [1] if size in numbers else able
        if asked not in POSITIONS and (known or len(sure) > 1):
            if choices.drop_dangling or choices.add_dangling:
                return
            options = " | ".join(option("--columns", f"id={POSITIONS[first]}") for first in able)
            message = "the ends of ties are numbers, and not each is an id: they may count the rows of elements"
            allowed = f"{options} | --drop-dangling drops ties to what is no id"
            findings.add(message, file=tie.file, line=tie.line, allowed=allowed)
            return
        first = able[0] if asked in POSITIONS else sure[0]
        counted = {str(element.order + first): [at] for at, element in enumerate(self.elements) if not element.made}
        self.positions = counted
        shown = self.elements[counted[str(min(numbers))][0]].label if str(min(numbers)) in counted else ""
        findings.note(f"ends of ties count the elements from {first}: {min(numbers)} is '{shown}'", file=tie.file)


class _Cells:
    """Take apart the cells that hold several names, table by table: a comma stands in many a name, too."""

    def __init__(self, ties: list[Tie], known: Callable[[str], object], choices: Choices) -> None:
        self.known = known
        self.chosen = SEPARATORS.get(choices.split, "") if choices.split else None
        self.commas: set[int] = set()
        self.doubtful: dict[int, dict[str, None]] = {}
        self.ends: Counter[int] = Counter()
        counts: dict[int, list[int]] = {}
        for tie in ties:
            for end in (tie.source, tie.target):
                self.ends[tie.table] += 1
                parts = pieces(end, (",",))
                if len(parts) > 1 and not any(mark in end for mark in ";|") and not known(end):
                    count = counts.setdefault(tie.table, [0, 0])
                    found = sum(bool(known(part)) for part in parts)
                    count[0] += found
                    count[1] += len(parts)
                    if not found:
                        self.doubtful.setdefault(tie.table, {})[end] = None
        self.commas = {table for table, (found, all_) in counts.items() if found >= ALIKE * all_}
        self.doubtful = (
            {}
            if choices.split
            else {table: cells for table, cells in self.doubtful.items() if table not in self.commas}
        )

    def parts(self, text: str, tie: Tie) -> list[str]:
        """Return the names in a cell; the whole where it is one name."""
        if self.chosen == "" or self.known(text):
            return [text] if text else []
        if self.chosen is not None:
            return pieces(text, (self.chosen,))
        parts = pieces(text, (";", "|"))
        if len(parts) > 1:
            return [piece for part in parts for piece in self._at_commas(part, tie)]
        return self._at_commas(parts[0] if parts else "", tie)

    def _at_commas(self, text: str, tie: Tie) -> list[str]:
        if self.known(text):
            return [text]
        parts = pieces(text, (",",))
        if len(parts) > 1 and tie.table in self.commas:
            return parts
        for mark in APART:
            parts = pieces(text, (mark,))
            if len(parts) > 1 and all(self.known(part) for part in parts):
                return parts
        return [text] if text else []


def elements_from_ends(ties: list[Tie], choices: Choices, findings: Findings) -> list[Element]:
    """Return the elements that the ends of ties name, where no table gives them; spellings that differ are one."""
    alone = {folded(end) for tie in ties for end in (tie.source, tie.target) if not set(end) & set(",;|")}
    cells = _Cells(ties, lambda text: folded(text) in alone, choices)
    _ask_about_commas(cells, ties, findings)
    spelt: dict[str, Counter[str]] = {}
    lines: dict[str, Tie] = {}
    types: dict[str, str] = {}
    for tie in ties:
        for text, type_ in zip((tie.source, tie.target), tie.types, strict=True):
            for end in cells.parts(text, tie):
                spelt.setdefault(folded(end), Counter())[end] += 1
                lines.setdefault(folded(end), tie)
                types[folded(end)] = types.get(folded(end)) or type_
    findings.note("no elements are listed, so they are those that the ties name; none can stand alone")
    differing = [tuple(counts) for counts in spelt.values() if len(counts) > 1]
    if differing:
        shown = some((" / ".join(f"'{name}'" for name in names[:4]) for names in differing), apart="; ")
        findings.note(f"names that differ in case or blanks only, taken as one: {shown}")
    return [
        Element(
            counts.most_common(1)[0][0], type=types[key], file=lines[key].file, line=lines[key].line, order=order,
        )
        for order, (key, counts) in enumerate(spelt.items())
    ]  # fmt: skip


def _ask_about_commas(cells: _Cells, ties: list[Tie], findings: Findings) -> None:
    """Ask whether commas part names where they stand in many cells, and nothing tells; say it where they are few."""
    for table, found in cells.doubtful.items():
        shown = quoted(found, most=3)
        tie = next(tie for tie in ties if tie.table == table and {tie.source, tie.target} & set(found))
        if len(found) >= MANY * cells.ends[table]:
            message = f"cells with commas may hold several names, or one name with a comma in it: {shown}"
            allowed = "--split comma | --split none"
            findings.add(message, file=tie.file, line=tie.line, allowed=allowed)
        else:
            text = f"names with a comma in them, each taken for one name: {shown}"
            findings.doubt(text, hint="--split comma takes them apart", file=tie.file)


def mentioned(elements: list[Element], choices: Choices, findings: Findings) -> tuple[list[Element], set[str]]:
    """Return elements without those of matrices that a list of elements has by name, id or code.

    What a matrix names and the list doesn't have is no element: it is added, or its names are returned as those
    whose ties are dropped, as was chosen; otherwise a problem is added for each.
    """
    listed = [element for element in elements if not element.made]
    named = [element for element in elements if element.made]
    if not listed or not named:
        return elements, set()
    names = Names(joined(listed, choices, Findings()))
    missing = {element.label for element in named if not names.find(element.label)}
    if missing:
        names.learn_codes(missing, Findings())
    unknown = [element for element in named if not names.find(element.label)]
    if choices.add_dangling:
        if unknown:
            shown = quoted(one.label for one in unknown)
            findings.note(f"names of a matrix that no list has, added as elements as chosen: {len(unknown)} ({shown})")
        return [*listed, *unknown], set()
    if not choices.drop_dangling:
        labels = list({element.label for element in listed})
        for element in unknown:
            findings.add(
                "is a name in the matrix, but no element that is listed", file=element.file, line=element.line,
                value=element.label, allowed=DANGLING_HINT, like=labels,
            )  # fmt: skip
    return listed, {folded(element.label) for element in unknown}


def linked(elements: list[Element], ties: list[Tie], choices: Choices, findings: Findings) -> list[Link]:
    """Return the ties between elements; adds to `elements` where that was chosen, and a problem for each wrong end."""
    names = Names(elements)
    tables: dict[int, list[Tie]] = {}
    for tie in ties:
        tables.setdefault(tie.table, []).append(tie)
    for of_table in tables.values():
        ends = {end for tie in of_table for end in (tie.source, tie.target) if end}
        numbers = ends and all(end.isdecimal() and end.isascii() and len(end) < 8 for end in ends)
        if numbers and (choices.columns.get("id") in POSITIONS or not all(names.find(end) for end in ends)):
            names.learn_positions(ends, choices, findings, tie=of_table[0])
    if findings.problems:
        return []
    cells = _Cells(ties, names.find, choices)
    ends = {part for tie in ties for end in (tie.source, tie.target) for part in cells.parts(end, tie)}
    missing = {part for part in ends if not names.find(part)}
    if missing:
        names.learn_codes(missing, findings)
    resolver = _Resolver(names, _Cells(ties, names.find, choices), choices, findings)
    links = [link for tie in ties for link in resolver.links(tie)]
    resolver.say()
    return links


class _Resolver:
    """Turn ties into links, keeping what can't be found until the end, so that each name is said once."""

    def __init__(self, names: Names, cells: _Cells, choices: Choices, findings: Findings) -> None:
        self.names = names
        self.cells = cells
        self.choices = choices
        self.findings = findings
        self.labels = {folded(element.label) for element in names.elements}
        self.dangling: dict[str, list[Tie]] = {}
        self.several: dict[str, tuple[Tie, list[int]]] = {}
        self.blank: list[Tie] = []
        self.split = self.dropped = self.made = self.tidied = 0
        self.added: list[str] = []
        self.named: list[str] = []

    def links(self, tie: Tie) -> list[Link]:
        if not tie.source or not tie.target:
            self.blank.append(tie)
            return []
        ends = [self._end(tie.source, tie), self._end(tie.target, tie)]
        self.made += len(ends[0]) * len(ends[1])
        if self.made > MOST_TIES:
            msg = f"the map has more than {MOST_TIES:,} ties"
            raise RefusedError(msg)
        pairs = [(one, other) for one in ends[0] for other in ends[1]]
        self.dropped += not pairs
        self.split += len(pairs) > 1
        return [Link(a, b, tie.type, tie.weight, tie.network, tie.file, tie.line) for a, b in pairs]

    def _end(self, text: str, tie: Tie) -> list[int]:
        found = (place for part in self.cells.parts(text, tie) for place in self._part(part, tie))
        return list(dict.fromkeys(found))

    def _part(self, text: str, tie: Tie) -> list[int]:
        tidied, places = self.names.found(text)
        self.tidied += tidied
        if len(places) > 1:
            self.several.setdefault(text, (tie, places))
            return []
        if places:
            return places
        if self.choices.add_dangling:
            self.added.append(text)
            return [self._added(text, tie)]
        if tie.adds and not self.choices.drop_dangling and not self._is_slip(text):
            self.named.append(text)
            return [self._added(text, tie)]
        self.dangling.setdefault(text, []).append(tie)
        return []

    def _is_slip(self, text: str) -> bool:
        """Tell whether a name is nearly another's; looked for as often as slips are read."""
        return len(self.named) < SEARCHED and bool(get_close_matches(folded(text), self.labels, 1, CLOSE))

    def _added(self, text: str, tie: Tie) -> int:
        element = Element(text, file=tie.file, line=tie.line)
        self.names.elements.append(element)
        self.names.add(element, len(self.names.elements) - 1)
        return len(self.names.elements) - 1

    def say(self) -> None:
        """Say what was tidied, split, added or dropped; add a problem for what can't be known."""
        if self.tidied:
            self.findings.note(f"ends of ties found whatever their case and blanks: {self.tidied}")
        if self.split:
            self.findings.note(f"ties with several names in one cell, made one tie for each: {self.split}")
        for names, why in ((self.added, "added as elements as chosen"), (self.named, "named by others alone, added")):
            if names:
                self.findings.note(f"ends that are no element, {why}: {len(names)} ({quoted(names)})")
        self._say_dangling()
        if self.choices.drop_dangling:
            if self.several:
                self.findings.doubt(f"ties to what names several elements, dropped as chosen: {quoted(self.several)}")
            return
        for text, (tie, places) in self.several.items():
            meant = [self.names.elements[place] for place in places]
            one_table = len({(element.file, element.table) for element in meant}) == 1
            lines = some(element.line for element in meant)
            named = quoted(element.label for element in meant)
            merge = one_table or len({folded(element.label) for element in meant}) == 1
            allowed = "an id, or names that differ; " + ("--merge-same-name takes them for one, " if merge else "")
            self.findings.add(
                f"is the name of several elements ({f'lines {lines}' if one_table else named}), so it can't be known "
                "which is meant",
                file=tie.file, line=tie.line, key="end of a tie", value=text,
                allowed=f"{allowed}--drop-dangling drops such ties",
            )  # fmt: skip

    def _say_dangling(self) -> None:
        if self.choices.drop_dangling:
            if self.dangling or self.blank:
                names = f": ends that are no element: {quoted(self.dangling)}" if self.dangling else ""
                number = self.dropped + len(self.blank)
                self.findings.note(f"ties with an end that is blank or no element, dropped as chosen: {number}{names}")
            return
        labels = list({element.label for element in self.names.elements})
        for text, ties in self.dangling.items():
            more = f" (named in {len(ties)} ties, first here)" if len(ties) > 1 else ""
            self.findings.add(
                f"is the end of a tie, but no element{more}", file=ties[0].file, line=ties[0].line, value=text,
                allowed=DANGLING_HINT, like=labels,
            )  # fmt: skip
        if self.choices.add_dangling:
            if self.blank:
                lines = some(tie.line for tie in self.blank)
                self.findings.doubt(f"ties with a blank end, dropped: {len(self.blank)} (line {lines})")
            return
        for tie in self.blank:
            allowed = "two ends; --drop-dangling drops such ties, --add-dangling too"
            self.findings.add("a tie with a blank end", file=tie.file, line=tie.line, allowed=allowed)


@dataclass(frozen=True)
class Pair:
    """Two organisations by position, with the kinds of their ties and the largest strength."""

    source: int
    target: int
    kind: str
    strength: float | None


def merged(links: list[Link], strength: list[float | None], labels: list[str], findings: Findings) -> list[Pair]:
    """Return a pair once; ties to oneself are dropped."""
    first: dict[frozenset[int], int] = {}
    kinds: dict[frozenset[int], dict[str, None]] = {}
    most: dict[frozenset[int], float | None] = {}
    seen: set[tuple[int, int, str, str, str]] = set()
    loops: list[int] = []
    identical = turned = other = 0
    networks = len({link.network for link in links}) > 1
    for position, (link, value) in enumerate(zip(links, strength, strict=True)):
        if link.source == link.target:
            loops.append(link.source)
            continue
        key = frozenset((link.source, link.target))
        row = (link.source, link.target, link.type, link.weight, link.network)
        if key in first:
            same_way = links[first[key]].source == link.source
            identical += row in seen
            turned += row not in seen and not same_way
            other += row not in seen and same_way
        seen.add(row)
        first.setdefault(key, position)
        kind = link.type or (link.network if networks else "")
        kinds.setdefault(key, {})[kind] = None
        known = [one for one in (most.get(key), value) if one is not None]
        most[key] = max(known) if known else None
    _say(loops, identical, turned, other, labels, findings)
    if len(first) + len(loops) < len(links) and any(value is not None for value in strength):
        findings.note("where merged ties differ in strength, the strongest stands")
    return [
        Pair(links[at].source, links[at].target, "; ".join(kind for kind in kinds[key] if kind), most[key])
        for key, at in first.items()
    ]


def _say(loops: list[int], identical: int, turned: int, other: int, labels: list[str], findings: Findings) -> None:
    if loops:
        shown = quoted(labels[one] for one in dict.fromkeys(loops))
        findings.note(f"ties of an element to itself, dropped: {len(loops)} ({shown})")
    parts = (
        ("the same tie again", identical),
        ("the same pair the other way round", turned),
        ("the same pair with another type, weight or map", other),
    )
    said = ", ".join(f"{number} {what}" for what, number in parts if number)
    if said:
        number = identical + turned + other
        findings.note(f"ties merged into one relationship a pair: {number} ({said})")
    findings.note("relationships have no direction in the model: from and to say nothing about who leads")


# Read the numbers on ties: only as what a person says they mean, since maps hold counts, shares, signs and codes.


_FRACTION = re.compile(r"(\d{1,9})\s*/\s*(\d{1,9})", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d{1,15}([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def number(text: str) -> float | None:
    """Return a weight as a number, with a decimal comma, a percent sign or as a fraction; None for a code.

    >>> number("0,5"), number("1/2"), number("40%"), number("-2"), number("weekly")
    (0.5, 0.5, 40.0, -2.0, None)
    """
    fraction = _FRACTION.fullmatch(text.strip())
    if fraction and int(fraction[2]):
        return int(fraction[1]) / int(fraction[2])
    plain = text.strip().removesuffix("%").strip()
    if not _NUMBER.fullmatch(plain):
        return None
    value = float(plain.replace(",", "."))
    return value if abs(value) < 1e300 else None


def without_no_ties(links: list[Link], findings: Findings) -> list[Link]:
    """Return the links but those whose weight says that there is no tie; a blank weight says nothing."""
    kept = [link for link in links if not link.weight or not is_no_tie(link.weight)]
    unanswered = sum(bool(link.weight) and folded(link.weight) in UNANSWERED for link in links)
    if unanswered:
        findings.doubt(f"ties whose weight is NA and the like, read as no tie: {unanswered}; it may be no answer")
    if len(kept) < len(links):
        findings.note(f"ties whose weight is 0, NA, no and the like, read as no tie: {len(links) - len(kept)}")
    return kept


def strengths(links: list[Link], choices: Choices, findings: Findings) -> list[float | None]:
    """Return each link's strength on 0-1, None where it is blank or weights are not used."""
    values = [number(link.weight) if link.weight else None for link in links]
    if not choices.weights:
        _say_unused(links, values, findings)
        return [None] * len(links)
    if choices.weights == "largest":
        largest = max((value for value in values if value is not None), default=0.0)
        low, high = 0.0, largest or 1.0
    else:
        low, high = SCALES[choices.weights]
    found: list[float | None] = []
    for link, value in zip(links, values, strict=True):
        if link.weight and (value is None or not low <= value <= high):
            allowed = f"a number from {low:g} to {high:g} (--weights {choices.weights})"
            key = "weight of a tie"
            findings.add("is out of range", file=link.file, line=link.line, key=key, value=link.weight, allowed=allowed)
        found.append(None if value is None else round((value - low) / (high - low), 4))
    findings.note(f"strength follows the weights of the ties, read as {_meaning(choices, high)}")
    return found


def _meaning(choices: Choices, high: float) -> str:
    return f"a share of the largest, {high:g}" if choices.weights == "largest" else f"on the scale {choices.weights}"


def _say_unused(links: list[Link], values: list[float | None], findings: Findings) -> None:
    """Say what the weights look like, and that strength is left blank."""
    numbers = [value for value in values if value is not None]
    codes = list(dict.fromkeys(link.weight for link, value in zip(links, values, strict=True) if value is None))
    codes = [code for code in codes if code]
    if codes or (numbers and set(numbers) != {1.0}):
        parts = [f"numbers from {min(numbers):g} to {max(numbers):g}"] if numbers else []
        parts += [f"words such as '{codes[0]}'"] if codes else []
        text = (
            f"weights of ties ({' and '.join(parts)}) were not used: strength is blank; --weights says what they mean"
        )
        findings.note(text)
    negative = sum(value < 0 for value in numbers)
    if negative:
        findings.note(
            f"ties with a weight below 0, kept as ties like the others: {negative}; the model knows no enmity"
        )
