"""Read what people drew with lines between boxes: draw.io's drawings and Obsidian's canvases."""

import base64
import html
import re
import zlib
from typing import Any
from urllib.parse import unquote

from experiments.importing.limits import MOST_BYTES
from experiments.importing.tables import RefusedError, Table, check_networks, clean, records_table
from experiments.importing.xml_tree import Node, read_xml
from simulation.scenario.problems import Findings

GROUP, NOTE = "Group box", "Note"
"""Types of what is drawn and is no organisation."""
_BREAK = re.compile(r"<\s*/?\s*(br|div|p|li|tr|h\d)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_OWN = ("id", "label", "placeholders", "tooltip", "link")
_MARKUP = re.compile(r"^\s*(#+|[-*>]|\d+\.)\s+|[*_`=]{2}|\[\[|\]\]|!?\[|\]\([^)]*\)")


def read_draw_io(root: Node, findings: Findings, *, file: str) -> list[Table]:
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
    first = ("source", "target", "relation")
    return [
        records_table(elements, file=file, role="elements", network=network, first=("id", "label", "type")),
        records_table(ties, file=file, role="connections", network=network, first=first),
    ]


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
