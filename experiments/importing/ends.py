"""Find the elements that the ends of ties mean: by id, by name, by a code in another column."""

from collections import Counter
from dataclasses import dataclass

from experiments.importing.choices import Choices
from experiments.importing.elements import Element, Tie
from experiments.importing.limits import MOST_TIES
from experiments.importing.tables import RefusedError, folded
from simulation.scenario.problems import Findings

MOST_NAMED = 8
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
        self.tidied = 0
        for position, element in enumerate(elements):
            self.add(element, position)

    def add(self, element: Element, position: int) -> None:
        """Take note of one element."""
        for way, text in zip(
            self.ways, (element.id, element.label, folded(element.id), folded(element.label)), strict=False
        ):
            if text:
                way.setdefault(text, []).append(position)

    def find(self, text: str) -> list[int]:
        """Return the positions of the elements that a text may mean: one, none or several."""
        for number, way in enumerate(self.ways):
            places = way.get(text if number < 2 else folded(text))
            if places:
                self.tidied += number in (2, 3)
                return places
        return []

    def learn_codes(self, missing: set[str], findings: Findings) -> None:
        """Find the column in which most ends stand that no id or name explains, and read it as their codes."""
        columns: dict[str, dict[str, list[int]]] = {}
        for position, element in enumerate(self.elements):
            for name, value in element.other:
                columns.setdefault(name, {}).setdefault(folded(value), []).append(position)
        wanted = {folded(text) for text in missing}
        found = {name: len(wanted & set(values)) for name, values in columns.items()}
        best = max(found, key=lambda name: found[name], default=None)
        if best is not None and found[best] >= max(CODES * len(wanted), 1):
            self.ways.append(columns[best])
            findings.note(f"ends of ties are codes of the column '{best}'")


def elements_from_ends(ties: list[Tie], findings: Findings) -> list[Element]:
    """Return the elements that the ends of ties name, where no table gives them; spellings that differ are one."""
    spelt: dict[str, Counter[str]] = {}
    lines: dict[str, Tie] = {}
    for tie in ties:
        for end in (*_parts(tie.source), *_parts(tie.target)):
            spelt.setdefault(folded(end), Counter())[end] += 1
            lines.setdefault(folded(end), tie)
    findings.note("no elements are listed, so they are those that the ties name; none can stand alone")
    differing = [tuple(counts) for counts in spelt.values() if len(counts) > 1]
    if differing:
        shown = "; ".join(" / ".join(f"'{name}'" for name in names[:4]) for names in differing[:MOST_NAMED])
        findings.note(f"names that differ in case or blanks only, taken as one: {shown}")
    return [
        Element(counts.most_common(1)[0][0], file=lines[key].file, line=lines[key].line)
        for key, counts in spelt.items()
    ]


def linked(elements: list[Element], ties: list[Tie], choices: Choices, findings: Findings) -> list[Link]:
    """Return the ties between elements; adds to `elements` where that was chosen, and a problem for each wrong end."""
    names = Names(elements)
    ends = {end for tie in ties for end in (tie.source, tie.target) if end}
    missing = {part for end in ends if not names.find(end) for part in _parts(end) if not names.find(part)}
    if missing:
        names.learn_codes(missing, findings)
    names.tidied = 0
    resolver = _Resolver(names, choices, findings)
    links = [link for tie in ties for link in resolver.links(tie)]
    resolver.say()
    return links


def _parts(text: str) -> list[str]:
    """Return the names that bars join in one cell."""
    return [part.strip() for part in text.split("|") if part.strip()]


class _Resolver:
    """Turn ties into links, keeping what can't be found until the end, so that each name is said once."""

    def __init__(self, names: Names, choices: Choices, findings: Findings) -> None:
        self.names = names
        self.choices = choices
        self.findings = findings
        self.dangling: dict[str, list[Tie]] = {}
        self.several: dict[str, tuple[Tie, list[int]]] = {}
        self.blank: list[Tie] = []
        self.split = self.dropped = self.made = 0
        self.added: list[str] = []

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
        places = self.names.find(text)
        if not places:
            parts = _parts(text)
            for mark in ";,":
                pieces = [piece.strip() for piece in text.split(mark) if piece.strip()]
                if len(parts) == 1 < len(pieces) and all(self.names.find(piece) for piece in pieces):
                    parts = pieces
            if len(parts) > 1:
                return list(dict.fromkeys(place for part in parts for place in self._end(part, tie)))
            text = parts[0] if parts else text
            places = self.names.find(text)
        if len(places) > 1:
            self.several.setdefault(text, (tie, places))
            return []
        if not places and self.choices.add_dangling:
            return [self._added(text, tie)]
        if not places:
            self.dangling.setdefault(text, []).append(tie)
        return places

    def _added(self, text: str, tie: Tie) -> int:
        element = Element(text, file=tie.file, line=tie.line)
        self.names.elements.append(element)
        self.names.add(element, len(self.names.elements) - 1)
        self.added.append(text)
        return len(self.names.elements) - 1

    def say(self) -> None:
        """Say what was tidied, split, added or dropped; add a problem for what can't be known."""
        if self.names.tidied:
            self.findings.note(f"ends of ties found whatever their case and blanks: {self.names.tidied}")
        if self.split:
            self.findings.note(f"ties with several names in one cell, made one tie for each: {self.split}")
        if self.added:
            shown = ", ".join(f"'{name}'" for name in self.added[:MOST_NAMED])
            self.findings.note(f"ends that are no element, added as elements as chosen: {len(self.added)} ({shown})")
        self._say_dangling()
        for text, (tie, places) in self.several.items():
            lines = ", ".join(str(self.names.elements[place].line) for place in places[:MOST_NAMED])
            self.findings.add(
                f"is the name of several elements (lines {lines}), so it can't be known which is meant",
                file=tie.file, line=tie.line, key="end of a tie", value=text,
                allowed="an id, names that differ, or --merge-same-name",
            )  # fmt: skip

    def _say_dangling(self) -> None:
        if self.choices.drop_dangling:
            if self.dangling or self.blank:
                shown = ", ".join(f"'{text}'" for text in list(self.dangling)[:MOST_NAMED])
                names = f": ends that are no element: {shown}" if shown else ""
                text = (
                    f"ties with an end that is blank or no element, dropped as chosen: {self.dropped + len(self.blank)}"
                )
                self.findings.note(text + names)
            return
        labels = list({element.label for element in self.names.elements})
        for text, ties in self.dangling.items():
            more = f" (named in {len(ties)} ties, first here)" if len(ties) > 1 else ""
            self.findings.add(
                f"is the end of a tie, but no element{more}", file=ties[0].file, line=ties[0].line, value=text,
                allowed="an element's name or id; --drop-dangling drops such ties, --add-dangling adds the elements",
                like=labels,
            )  # fmt: skip
        for tie in self.blank:
            allowed = "two ends; --drop-dangling drops such ties"
            self.findings.add("a tie with a blank end", file=tie.file, line=tie.line, allowed=allowed)
