"""Read GEXF, Gephi's own form, from version 1.0 on; at a date, where its elements and ties come and go."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from math import inf, nextafter

from experiments.importing.choices import Choices
from experiments.importing.columns import find
from experiments.importing.headings import LABEL
from experiments.importing.tables import RefusedError, Table, check_size, clean, records_table
from experiments.importing.xml_tree import Node
from simulation.scenario.problems import Findings

_DATE = re.compile(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?)(?:[T ].*)?)?)?", re.ASCII)
_SPELL = re.compile(r"[\[(\]]\s*([^\s,;<>()\[\]]+)\s*,\s*([^\s,;<>()\[\]]+)")
OWN = ("id", "label")
"""What an element has of itself, whatever attributes of these titles it is given."""
_TIMES = ("start", "startopen", "end", "endopen", "timestamp")
Spells = list[tuple[float, float]]


def read_gexf(root: Node, choices: Choices, findings: Findings, *, file: str) -> list[Table]:
    """Return elements and connections."""
    graphs = root.within("graph")
    if not graphs:
        findings.add("there is no graph in this GEXF file", file=file)
        return []
    graph = graphs[0]
    nodes, edges = graph.within("node"), graph.within("edge")
    of_nodes, of_edges = _Columns(graph, "node", nodes), _Columns(graph, "edge", edges)
    check_size(len(nodes) + len(edges), 1 + len(of_nodes.defaults) + len(of_edges.defaults))
    calendar = _Calendar(graph, [*nodes, *edges], choices.at)
    elements = [(node.line, _element(node, of_nodes, calendar)) for node in nodes if calendar.holds(node)]
    there = {record["id"] for _, record in elements}
    gone = {clean(node.attributes.get("id", "")) for node in nodes} - there
    kept = [edge for edge in edges if calendar.holds(edge)]
    ties = [(edge.line, _edge(edge, of_edges, calendar)) for edge in kept]
    ties = [(line, record) for line, record in ties if not gone & {record["source"], record["target"]}]
    left_out = {"elements": (len(nodes) - len(elements), len(nodes)), "ties": (len(edges) - len(ties), len(edges))}
    _say_times(calendar, [*nodes, *edges], left_out, findings, file=file)
    if of_nodes.is_by_position or of_edges.is_by_position:
        findings.note("values name their attributes by position, as early versions of Gephi wrote them", file=file)
    _name(elements, findings, file=file)
    return [
        records_table(elements, file=file, role="elements", first=OWN),
        records_table(ties, file=file, role="connections", first=("source", "target")),
    ]


class _Columns:
    """The attributes of elements or of ties: their titles, and their default values by title."""

    def __init__(self, graph: Node, kind: str, owners: Sequence[Node]) -> None:
        self.titles: dict[str, str] = {}
        self.defaults: dict[str, str] = {}
        for group in graph.all("attributes"):
            if group.attributes.get("class", "node") == kind:
                for attribute in group.all("attribute"):
                    identity = attribute.attributes.get("id", "")
                    title = clean(attribute.attributes.get("title", identity))
                    self.titles[identity] = f"attribute {title}" if title.casefold() in OWN else title
                    for default in attribute.all("default"):
                        self.defaults[self.titles[identity]] = clean(default.text)
        used = {_identity(value) for owner in owners for value in _values(owner)}
        by_position = {str(position): title for position, title in enumerate(self.titles.values())}
        self.is_by_position = bool(used) and not used & set(self.titles) and used <= set(by_position)
        if self.is_by_position:
            self.titles = by_position

    def of(self, owner: Node, calendar: "_Calendar") -> dict[str, str]:
        """Return an owner's attributes by title; of one that changes the value at the date, or else the last."""
        found: dict[str, str] = {}
        for value in _values(owner):
            if calendar.at is None or calendar.holds(value):
                title = self.titles.get(_identity(value), clean(_identity(value)))
                text = clean(value.attributes.get("value", ""))
                calendar.changing += found.get(title, text) != text
                found[title] = text
        return self.defaults | found


class _Calendar:
    """The times in a graph, as dates or as numbers, and the one that was asked for."""

    def __init__(self, graph: Node, owners: Sequence[Node], at: str) -> None:
        form = graph.attributes.get("timeformat", "").casefold()
        self.is_numbers = form in ("double", "integer", "float") or (not form and not _holds_dates(owners))
        self.asked = at
        self.changing = 0
        try:
            self.at = self.moment(at) if at else None
        except ValueError:
            what = "number" if self.is_numbers else "date"
            msg = f"--at: '{at[:40]}' is no {what}, as the times in this file are"
            raise RefusedError(msg) from None

    def moment(self, text: str, *, is_end: bool = False) -> float:
        """Return a time as a number. Raises ValueError where it is none.

        A date is the number of its day, a year or a month as an end its last day.
        """
        if not text or "infinity" in text.casefold():
            return inf if is_end else -inf
        found = None if self.is_numbers else _DATE.fullmatch(text.strip())
        if found is None:
            return float(text)
        year, month, day = (int(part) if part else 0 for part in found.groups())
        if is_end and not day:
            year, month = (year + 1, 1) if month in (0, 12) else (year, month + 1)
            return date(year, month, 1).toordinal() - 1.0
        return float(date(year, month or 1, day or 1).toordinal())

    def spells(self, owner: Node) -> Spells:
        """Return the times in which an element, a tie or a value stands; none where it always does."""
        try:
            return [spell for one in (owner, *(s for group in owner.all("spells") for s in group.all("spell")))
                    for spell in self._own(one)]  # fmt: skip
        except (ValueError, OverflowError):
            msg = f"line {owner.line}: a time here is neither a date nor a number: {clean(owner.attributes)[:100]}"
            raise RefusedError(msg) from None

    def _own(self, one: Node) -> Iterator[tuple[float, float]]:
        given = one.attributes
        start, end = given.get("start", given.get("startopen", "")), given.get("end", given.get("endopen", ""))
        if start or end:
            first, last = self.moment(start), self.moment(end, is_end=True)
            yield (nextafter(first, inf) if "startopen" in given else first,
                   nextafter(last, -inf) if "endopen" in given else last)  # fmt: skip
        for text in re.findall(r"[^\s,;<>\[\]]+", given.get("timestamp", "") + " " + given.get("timestamps", "")):
            yield self.moment(text), self.moment(text, is_end=True)
        for begins, ends in _SPELL.findall(given.get("intervals", "")):
            yield self.moment(begins), self.moment(ends, is_end=True)

    def holds(self, owner: Node) -> bool:
        """Tell whether an element, a tie or a value stands at the date that was asked for."""
        if self.at is None:
            return True
        spells = self.spells(owner)
        return not spells or any(first <= self.at <= last for first, last in spells)

    def shown(self, moment: float) -> str:
        """Return a time for people."""
        return f"{moment:g}" if self.is_numbers else date.fromordinal(max(round(moment), 1)).isoformat()


def _holds_dates(owners: Sequence[Node]) -> bool:
    """Tell whether any time is written as a date, where the graph does not say."""
    timed = [one for owner in owners for one in (owner, *owner.within("spell", "attvalue"))]
    texts = [one.attributes.get(name, "") for one in timed for name in (*_TIMES, "timestamps", "intervals")]
    return any(re.search(r"\d{4}-\d", text) for text in texts)


def _values(owner: Node) -> list[Node]:
    return [value for group in owner.all("attvalues") for value in group.all("attvalue")]


def _identity(value: Node) -> str:
    return value.attributes.get("for", value.attributes.get("id", ""))


def _element(node: Node, columns: _Columns, calendar: _Calendar) -> dict[str, str]:
    record = {name: clean(node.attributes.get(name, "")) for name in OWN}
    return record | columns.of(node, calendar)


def _edge(edge: Node, columns: _Columns, calendar: _Calendar) -> dict[str, str]:
    """Return a tie; GEXF's `type` says its direction, `kind` and `label` what it is."""
    record = {name: clean(edge.attributes.get(name, "")) for name in ("source", "target")}
    weight = edge.attributes.get("weight", edge.attributes.get("cardinal", ""))
    kind = edge.attributes.get("kind") or edge.attributes.get("label") or ""
    record |= {name: clean(value) for name, value in (("weight", weight), ("kind", kind)) if value}
    for name, value in columns.of(edge, calendar).items():
        record.setdefault(name, value)
    return record


def _name(elements: list[tuple[int, dict[str, str]]], findings: Findings, *, file: str) -> None:
    """Take names from an attribute where labels are blank or the ids again, as networkx writes them."""
    records = [record for _, record in elements]
    blank = [record for record in records if record["label"] in ("", record["id"])]
    names = list(dict.fromkeys(name for record in blank for name, value in record.items() if value))
    others = [name for name in names if name not in OWN]
    at = find(others, ("attribute label", *LABEL))
    if at is None or (len(blank) < len(records) and others[at] != "attribute label"):
        return
    for record in blank:
        record["label"] = record.get(others[at], "") or record["label"]
    title = others[at].removeprefix("attribute ")
    text = f"names are taken from the attribute '{title}', since labels are blank or ids: {len(blank)}"
    findings.note(text, file=file)


def _say_times(
    calendar: _Calendar, owners: list[Node], left_out: dict[str, tuple[int, int]], findings: Findings, *, file: str
) -> None:
    """Say what stands for a time only, and what was left out for that; refuse a date where nothing does."""
    spells = [spell for owner in owners for one in (owner, *_values(owner)) for spell in calendar.spells(one)]
    ends = sorted(moment for spell in spells for moment in spell if abs(moment) < inf)
    if calendar.at is not None and not spells:
        findings.add("is asked for, and nothing in this file has a time", file=file, key="--at", value=calendar.asked)
    if not ends:
        return
    between = f"from {calendar.shown(ends[0])} to {calendar.shown(ends[-1])}"
    if calendar.at is None:
        counts = {
            tag: sum(bool(calendar.spells(owner)) for owner in owners if owner.tag == tag) for tag in ("node", "edge")
        }
        text = (
            f"for a time only, {between}, stand {counts['node']} of {left_out['elements'][1]} elements and "
            f"{counts['edge']} of {left_out['ties'][1]} ties: all were read, whenever they stand; "
            "--at DATE takes those of one date"
        )
        if calendar.changing:
            text += f"; values that change, of which the last was read: {calendar.changing}"
        findings.doubt(text, file=file)
        return
    shown = " and ".join(f"{out} of {number} {what}" for what, (out, number) in left_out.items())
    text = f"read as of {calendar.asked} (times go {between}); left out, since not there then: {shown}"
    findings.note(text, file=file)
