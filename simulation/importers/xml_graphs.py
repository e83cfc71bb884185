"""Graphs written as XML: GEXF, GraphML, draw.io's drawings; Obsidian's canvases. Trees that know their lines."""

import base64
import html
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import inf, nextafter
from typing import Any
from urllib.parse import unquote
from xml.parsers import expat

from simulation.importers.choices import Choices
from simulation.importers.columns import LABEL, find
from simulation.importers.delimited import decode
from simulation.importers.tables import (
    DEEPEST,
    MOST_BYTES,
    MOST_CELLS,
    RefusedError,
    Table,
    check_networks,
    check_size,
    clean,
    graph_tables,
)
from simulation.scenario.errors import Findings


@dataclass
class Node:
    """An element: its name and attributes without their namespace, its text, what is in it, its line."""

    tag: str
    attributes: dict[str, str]
    line: int
    children: list["Node"] = field(default_factory=list)
    text: str = ""

    def all(self, *tags: str) -> list["Node"]:
        """Return the elements of these names directly within."""
        return [child for child in self.children if child.tag in tags]

    def within(self, *tags: str) -> list["Node"]:
        """Return the elements of these names at any depth, in the order of the file."""
        found, rest = [], list(reversed(self.children))
        while rest:
            node = rest.pop()
            if node.tag in tags:
                found.append(node)
            rest.extend(reversed(node.children))
        return found


_KNOWN = ("utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "utf-16")
_DECLARED = re.compile(rb"""\A<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)""")


def read_xml(content: bytes, findings: Findings, *, file: str, encoding: str = "") -> Node | None:
    """Return the root element, or None with a problem added; the file's own word on its encoding counts."""
    builder = _Builder()
    text = _text(content, findings, file=file, encoding=encoding)
    if text is None:
        return None
    try:
        builder.parser.Parse(text, True)
    except expat.ExpatError as error:
        message = f"this is not well-formed XML: {expat.ErrorString(error.code)}"
        findings.add(message, file=file, line=error.lineno, key=f"column {error.offset + 1}")
        return None
    except RefusedError as error:
        findings.add(str(error), file=file, line=builder.parser.CurrentLineNumber)
        return None
    except (ValueError, LookupError) as error:
        findings.add(f"the XML can't be read ({clean(error)[:100]})", file=file)
        return None
    return builder.root


def _text(content: bytes, findings: Findings, *, file: str, encoding: str) -> bytes | str | None:
    """Return XML as the parser takes it: decoded where it does not say how it is stored, or says what is unknown to it.

    None with a problem added where it is not stored as it says.
    """
    declared = _DECLARED.match(content[:200])
    name = declared[1].decode().casefold() if declared else ""
    if not encoding and (name in _KNOWN or content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:4]):
        return content
    if not encoding and not name:
        try:
            content.decode()
        except UnicodeDecodeError:
            return decode(content, findings, file=file)
        return content
    return decode(content, findings, file=file, encoding=encoding or name)


class _Builder:
    """Build the tree from what the parser meets."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.open: list[Node] = []
        self.root: Node | None = None
        self.count = 0

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if len(self.open) >= DEEPEST or self.count > MOST_CELLS:
            msg = "elements are nested too deeply" if self.count <= MOST_CELLS else "there are too many elements"
            raise RefusedError(msg)
        plain = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        node = Node(name.rpartition("}")[2], plain, self.parser.CurrentLineNumber)
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = node
        self.open.append(node)

    def _end(self, name: str) -> None:
        self.open.pop()

    def _text(self, text: str) -> None:
        self.open[-1].text += text

    def _refuse(self, *_: object) -> None:
        msg = "the file holds a document type (<!DOCTYPE ...>), which is not read: take it out"
        raise RefusedError(msg)


# Read what people drew with lines between boxes: draw.io's drawings and Obsidian's canvases.


DRAWINGS = ("mxfile", "mxGraphModel")
"""Outermost elements of draw.io's files."""
GROUP, NOTE = "Group box", "Note"
"""Types of what is drawn and is no organisation."""
_BREAK = re.compile(r"<\s*/?\s*(br|div|p|li|tr|h\d)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_OWN = ("id", "label", "placeholders", "tooltip", "link")
_MARKUP = re.compile(r"^\s*(#+|[-*>]|\d+\.)\s+|[*_`=]{2}|\[\[|\]\]|!?\[|\]\([^)]*\)")


def read_draw_io(root: Node, choices: Choices, findings: Findings, *, file: str) -> list[Table]:
    """Return elements and connections of each page: boxes with words, and the lines that are tied to two of them."""
    pages = root.all("diagram") if root.tag == "mxfile" else [root]
    check_networks(len(pages))
    tables: list[Table] = []
    room = MOST_BYTES
    for number, page in enumerate(pages, start=1):
        model = page
        packed = page.text.strip() if not page.children else ""
        if packed:
            content = _unpacked(packed, room)
            room -= len(content)
            read = read_xml(content, findings, file=file)
            if read is None:
                return []
            model = read
        name = "" if len(pages) == 1 else clean(page.attributes.get("name", "")) or str(number)
        tables += _page(model, name, findings, file=file)
    return tables


def _unpacked(text: str, room: int) -> bytes:
    """Return a page as XML. Raises RefusedError where it is broken or unpacks to too much."""
    try:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        content = inflater.decompress(base64.b64decode(text, validate=False), room)
    except (ValueError, zlib.error) as error:
        msg = f"a page of the drawing can't be unpacked ({clean(error)[:80]})"
        raise RefusedError(msg) from None
    if inflater.unconsumed_tail or not inflater.eof:
        msg = f"the drawing is too large or cut off: up to {MOST_BYTES:,} bytes unpacked"
        raise RefusedError(msg)
    return unquote(content.decode("utf-8", "replace")).encode()


def _page(model: Node, network: str, findings: Findings, *, file: str) -> list[Table]:
    cells = {one["id"]: one for node in model.within("mxCell", "object", "UserObject") if (one := _cell(node))}
    lines = {key: one for key, one in cells.items() if one["edge"]}
    boxes = {key: one for key, one in cells.items() if one["vertex"] and one["parent"] not in lines}
    words: dict[str, str] = {}
    for one in cells.values():
        if one["vertex"] and one["parent"] in lines and one["label"]:  # a line's label is a box of its own
            words.setdefault(one["parent"], one["label"])
    tied = {line[end] for line in lines.values() for end in ("source", "target")}
    around = {one["parent"] for one in boxes.values()}
    kept = {key: one for key, one in boxes.items() if one["label"] or key in tied}
    if len(kept) < len(boxes):
        findings.note(f"boxes without words or lines, left out: {len(boxes) - len(kept)}", file=file)
    labels = [one["label"] for one in kept.values()]
    names = {
        key: one["label"] if one["label"] and labels.count(one["label"]) == 1 else f"{one['label']} ({key})".strip()
        for key, one in kept.items()
    }
    elements = []
    for key, one in kept.items():
        type_ = "" if key in tied else GROUP if key in around else NOTE if one["style"].startswith("text;") else ""
        given = {"id": names[key], "label": one["label"] or names[key], "type": type_}
        elements.append((one["line"], given | {name: one["own"][name] for name in one["own"]}))
    ties = []
    loose = 0
    for key, line in lines.items():
        ends = {end: names.get(line[end], "") for end in ("source", "target")}
        loose += not all(ends.values())
        ties.append((line["line"], ends | {"relation": line["label"] or words.get(key, "")}))
    if loose:
        findings.note(f"lines that are not attached to a box at both ends: {loose}; draw.io attaches them", file=file)
    columns: dict[str, Any] = {"first": ("id", "label", "type"), "ends": ("source", "target", "relation")}
    return graph_tables(elements, ties, file=file, network=network, **columns)


def _cell(node: Node) -> dict[str, Any] | None:
    """Return a box or a line; None where it is neither, or is the inner part of another."""
    inner = node.all("mxCell")[0] if node.tag != "mxCell" and node.all("mxCell") else node
    if node.tag == "mxCell" and "id" not in node.attributes:
        return None
    about = inner.attributes
    return {
        "id": node.attributes.get("id", ""),
        "label": _words(node.attributes.get("label", about.get("value", ""))),
        "own": {clean(name): clean(value) for name, value in node.attributes.items() if name not in _OWN}
        if node.tag != "mxCell" else {},
        "vertex": about.get("vertex") == "1",
        "edge": about.get("edge") == "1",
        "parent": about.get("parent", ""),
        "style": about.get("style", ""),
        "source": about.get("source", ""),
        "target": about.get("target", ""),
        "line": node.line,
    }  # fmt: skip


def _words(text: str) -> str:
    """Return a label's words without what says how they are drawn.

    >>> _words("<b>Age&nbsp;UK</b><div>Leeds</div>"), _words("A &lt; B"), _words("a < b > c")
    ('Age UK Leeds', 'A < B', 'a < b > c')
    """
    return clean(html.unescape(_TAG.sub("", _BREAK.sub(" ", text))))


def of_canvas(data: Any) -> dict[str, Any] | None:
    """Return an Obsidian canvas as nodes and links; None where data is of another form.

    A card goes by its first line, a note by its file's name; a group is no organisation.
    """
    edges = data.get("edges") if isinstance(data, dict) else None
    if not isinstance(edges, list) or not any(isinstance(edge, dict) and "fromNode" in edge for edge in edges):
        nodes = data.get("nodes") if isinstance(data, dict) else None
        if edges or not isinstance(nodes, list) or not all(_is_card(node) for node in nodes) or not nodes:
            return None
    cards = [node for node in data.get("nodes") or () if isinstance(node, dict)]
    ties = [edge for edge in edges or () if isinstance(edge, dict)]
    return {
        "nodes": [{"id": node.get("id"), "label": _card(node), "type": _sort(node)} for node in cards],
        "edges": [
            {"source": edge.get("fromNode"), "target": edge.get("toNode"), "relation": edge.get("label")}
            for edge in ties
        ],
    }


def _is_card(node: Any) -> bool:
    return isinstance(node, dict) and node.get("type") in ("text", "file", "link", "group") and "x" in node


def _card(node: dict[str, Any]) -> str:
    """Return what a card of a canvas is called."""
    if node.get("type") == "file":
        return str(node.get("file") or "").rpartition("/")[2].rpartition(".")[0]
    text = str(node.get("text") or node.get("label") or node.get("url") or "")
    lines = [clean(_MARKUP.sub("", line)) for line in text.split("\n")]
    return next((line for line in lines if line), "")


def _sort(node: dict[str, Any]) -> str:
    return {"group": GROUP, "link": "Website"}.get(str(node.get("type")), "")


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
    elements = [(node.line, _gexf_element(node, of_nodes, calendar)) for node in nodes if calendar.holds(node)]
    there = {record["id"] for _, record in elements}
    gone = {clean(node.attributes.get("id", "")) for node in nodes} - there
    kept = [edge for edge in edges if calendar.holds(edge)]
    ties = [(edge.line, _gexf_edge(edge, of_edges, calendar)) for edge in kept]
    ties = [(line, record) for line, record in ties if not gone & {record["source"], record["target"]}]
    left_out = {"elements": (len(nodes) - len(elements), len(nodes)), "ties": (len(edges) - len(ties), len(edges))}
    _say_times(calendar, [*nodes, *edges], left_out, findings, file=file)
    if of_nodes.is_by_position or of_edges.is_by_position:
        findings.note("values name their attributes by position, as early versions of Gephi wrote them", file=file)
    _name(elements, findings, file=file)
    return graph_tables(elements, ties, file=file, first=OWN)


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


def _gexf_element(node: Node, columns: _Columns, calendar: _Calendar) -> dict[str, str]:
    record = {name: clean(node.attributes.get(name, "")) for name in OWN}
    return record | columns.of(node, calendar)


def _gexf_edge(edge: Node, columns: _Columns, calendar: _Calendar) -> dict[str, str]:
    """Return a tie; GEXF's `type` says its direction, `kind` and `label` what it is."""
    record = {name: clean(edge.attributes.get(name, "")) for name in ("source", "target")}
    weight = edge.attributes.get("weight", edge.attributes.get("cardinal", ""))
    kind = edge.attributes.get("kind") or edge.attributes.get("label") or ""
    record |= {name: clean(value) for name, value in (("weight", weight), ("kind", kind)) if value}
    return record | columns.of(edge, calendar) | record


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


def read_graphml(root: Node, choices: Choices, findings: Findings, *, file: str) -> list[Table]:
    """Return elements and connections of each graph in the file."""
    names, defaults = _keys(root)
    graphs = root.all("graph")
    if not graphs:
        findings.add("there is no graph in this GraphML file", file=file)
        return []
    check_networks(len(graphs))
    tables: list[Table] = []
    for position, graph in enumerate(graphs, start=1):
        network = "" if len(graphs) == 1 else clean(graph.attributes.get("id", "")) or str(position)
        check_size(len(graph.within("node", "edge")), 1 + sum(map(len, defaults.values())))
        nodes = [(node.line, _graphml_element(node, names, defaults)) for node in graph.within("node")]
        edges = [(edge.line, _graphml_edge(edge, names, defaults)) for edge in graph.within("edge")]
        tables += graph_tables(nodes, edges, file=file, network=network, first=("id",))
        if hyper := len(graph.within("hyperedge")):
            findings.note(f"ties among more than two (hyperedges), not read: {hyper}", file=file)
    return tables


def _keys(root: Node) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return attribute names by key, and default values by what they are for and attribute name."""
    names: dict[str, str] = {}
    defaults: dict[str, dict[str, str]] = {"node": {}, "edge": {}}
    for key in root.within("key"):
        identity = key.attributes.get("id", "")
        names[identity] = clean(key.attributes.get("attr.name", identity))
        for default in key.all("default"):
            for what in defaults:
                if key.attributes.get("for", "all") in (what, "all") and clean(default.text):
                    defaults[what][names[identity]] = clean(default.text)
    return names, defaults


def _graphml_element(node: Node, names: dict[str, str], defaults: dict[str, dict[str, str]]) -> dict[str, str]:
    own = {"id": clean(node.attributes.get("id", ""))}
    record = own | defaults["node"] | _data(node, names, "NodeLabel") | own
    if node.all("graph"):
        record["type"] = record.get("type") or GROUP
    return record


def _graphml_edge(edge: Node, names: dict[str, str], defaults: dict[str, dict[str, str]]) -> dict[str, str]:
    own = {end: clean(edge.attributes.get(end, "")) for end in ("source", "target")}
    return own | defaults["edge"] | _data(edge, names, "EdgeLabel") | own


def _data(owner: Node, names: dict[str, str], label: str) -> dict[str, str]:
    """Return an element's attributes; the label that yEd draws counts as one."""
    found: dict[str, str] = {}
    for data in owner.all("data"):
        name = names.get(data.attributes.get("key", ""), clean(data.attributes.get("key", "")))
        drawn = [clean(node.text) for node in data.within(label) if clean(node.text)]
        if drawn:
            found.setdefault("label", drawn[0])
        elif not data.children and clean(data.text):
            found[name] = clean(data.text)
    return found
