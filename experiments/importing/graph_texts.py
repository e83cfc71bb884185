"""Read graphs that are written as plain text: GML by networkx; VNA, TGF and SIF, which are a few words a line."""

import re
from collections.abc import Callable
from typing import Any

from experiments.importing.matrix import is_no_tie
from experiments.importing.tables import Table, check_size, clean, records_table
from simulation.scenario.problems import Findings

Records = list[tuple[int, dict[str, str]]]
_GML = re.compile(r"\A\s*(#[^\n]*\n\s*|(creator|version|comment)\s[^\n]*\n\s*)*graph\s*\[", re.IGNORECASE)
_VNA = re.compile(r"\A\s*\*\s*(node|tie)\s+(data|properties)\b", re.IGNORECASE)
_WORD = re.compile(r'"((?:[^"]|"")*)"|([^\s,]+)')


def reader_of(text: str, file: str) -> tuple[str, Callable[..., list[Table]]] | None:
    """Return the name and the reader of the form that a text is in; None where it is none of these."""
    if _GML.match(text[:10_000]):
        return "GML", read_gml
    if _VNA.match(text[:1_000]):
        return "VNA", read_vna
    if _is_tgf(text):
        return "TGF", read_tgf
    if file.casefold().endswith(".sif"):  # nothing in it tells three words from an edge list with a weight
        return "SIF", read_sif
    return None


def read_gml(text: str, findings: Findings, *, file: str) -> list[Table]:
    """Return elements and connections of a GML file."""
    import networkx as nx

    if not re.search(r"^\s*multigraph\s+1\b", text, re.MULTILINE):  # or else a tie that stands twice is an error
        text = re.sub(r"(?i)(\bgraph\s*\[)", r"\1 multigraph 1 ", text, count=1)
    try:
        graph = nx.parse_gml(text, label=None)
    except RecursionError:
        findings.add("the GML is nested too deeply", file=file)
        return []
    except Exception as error:  # networkx lets whatever its parser meets in a broken file through
        findings.add(f"this is not GML that can be read ({clean(error)[:150]})", file=file)
        return []
    check_size(graph.number_of_nodes() + graph.number_of_edges(), 10)
    nodes = [(0, {"id": clean(node), **_plain(data)}) for node, data in graph.nodes(data=True)]
    edges = [(0, {"source": clean(a), "target": clean(b), **_plain(data)}) for a, b, data in graph.edges(data=True)]
    return _tables(nodes, edges, file=file)


def _plain(data: dict[str, Any]) -> dict[str, str]:
    """Return the attributes that are texts or numbers, not how they are drawn."""
    return {clean(name): clean(value) for name, value in data.items() if isinstance(value, str | int | float)}


def read_vna(text: str, findings: Findings, *, file: str) -> list[Table]:
    """Return elements and connections of NetDraw's form; where ties have several values, each is a kind of tie."""
    parts: dict[str, list[tuple[int, list[str]]]] = {}
    name = ""
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip()
        if stripped.startswith("*"):
            name = " ".join(stripped.strip("* ").casefold().split())
        elif stripped:
            words = [clean(quoted.replace('""', '"') or bare) for quoted, bare in _WORD.findall(stripped)]
            parts.setdefault(name, []).append((number, words))
    rest = [part for part in parts if part not in ("node data", "tie data")]
    if rest:
        findings.note(f"parts of the file that say how it is drawn, not read: {', '.join(rest)[:100]}", file=file)
    nodes: Records = []
    if "node data" in parts:
        (_, header), *rows = parts["node data"]
        names = ["id", *header[1:]]
        nodes = [(line, dict(zip(names, words, strict=False))) for line, words in rows]
    edges: Records = []
    if "tie data" in parts:
        (_, header), *rows = parts["tie data"]
        for number, words in rows:
            if len(words) < 2:
                findings.add("a tie needs two ends", file=file, line=number, value=" ".join(words))
                continue
            ends = {"source": words[0], "target": words[1]}
            values = dict(zip(header[2:], words[2:], strict=False))
            kinds = {kind: value for kind, value in values.items() if not is_no_tie(value)}
            several = len(header) > 3
            edges += [
                (number, ends | {"weight": value} | ({"relation": kind} if several else {}))
                for kind, value in (kinds if values else {"": ""}).items()
            ]
    return _tables(nodes, edges, file=file)


def _is_tgf(text: str) -> bool:
    """Tell whether lines of an id and a name stand above a lone hash, and lines of two such ids below."""
    above, mark, below = text.partition("\n#\n")
    if not mark or below.count("\n#\n"):
        return False
    ids = {line.split()[0] for line in above.split("\n") if line.strip()}
    ties = [line.split(None, 2) for line in below.split("\n") if line.strip()]
    return bool(ids) and all(len(words) > 1 and {words[0], words[1]} <= ids for words in ties)


def read_tgf(text: str, findings: Findings, *, file: str) -> list[Table]:
    """Return elements and connections of the Trivial Graph Format."""
    nodes: Records = []
    edges: Records = []
    is_above = True
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() == "#":
            is_above = False
        elif line.strip() and is_above:
            identity, *label = line.split(None, 1)
            nodes.append((number, {"id": clean(identity), "label": clean("".join(label))}))
        elif line.strip():
            source, target, *rest = line.split(None, 2)
            edges.append((number, {"source": source, "target": target, "relation": clean("".join(rest))}))
    return _tables(nodes, edges, file=file)


def read_sif(text: str, findings: Findings, *, file: str) -> list[Table]:
    """Return elements and connections of Cytoscape's Simple Interaction Format."""
    separator = "\t" if "\t" in text else None
    nodes: dict[str, int] = {}
    edges: Records = []
    for number, line in enumerate(text.split("\n"), start=1):
        words = [clean(word) for word in line.strip().split(separator) if word.strip()]
        if len(words) == 2:
            allowed = "a name; or a name, a relation and names, with tabs between them where names hold blanks"
            findings.add("is no line of a SIF file", file=file, line=number, value=" ".join(words), allowed=allowed)
            continue
        for name in words[:1] + words[2:]:
            nodes.setdefault(name, number)
        edges += [(number, {"source": words[0], "target": end, "relation": words[1]}) for end in words[2:]]
    if separator is None:
        findings.note("names are apart by blanks, so none of them holds a blank", file=file)
    return _tables([(line, {"label": name}) for name, line in nodes.items()], edges, file=file)


def json_graphs(data: Any, *, file: str) -> list[Table] | None:
    """Return elements and connections of the JSON Graph Format; None where data is of another form."""
    if not isinstance(data, dict):
        return None
    given = data["graphs"] if isinstance(data.get("graphs"), list) else [data.get("graph")]
    graphs: list[dict[str, Any]] = [
        graph for graph in given if isinstance(graph, dict) and isinstance(graph.get("nodes"), dict | list)
    ]
    tables: list[Table] = []
    for position, graph in enumerate(graphs, start=1):
        nodes = graph["nodes"]
        entries = nodes.items() if isinstance(nodes, dict) else [(None, node) for node in nodes]
        elements = [({} if key is None else {"id": key}) | _entry(node) for key, node in entries]
        ties = [_entry(edge) for edge in graph.get("edges") or () if isinstance(edge, dict)]
        network = "" if len(graphs) == 1 else clean(graph.get("label") or graph.get("id") or position)
        tables += _tables(
            [(number, one) for number, one in enumerate(elements, start=1)],
            [(number, one) for number, one in enumerate(ties, start=1)],
            file=file,
            network=network,
        )
    return tables or None


def _entry(value: Any) -> dict[str, str]:
    """Return what a node or an edge of the JSON Graph Format says of itself, its metadata too."""
    if not isinstance(value, dict):
        return {}
    metadata = value.get("metadata")
    return _plain(metadata if isinstance(metadata, dict) else {}) | _plain(value)


def _tables(nodes: Records, edges: Records, *, file: str, network: str = "") -> list[Table]:
    first = ("source", "target")
    return [
        records_table(nodes, file=file, role="elements", network=network, first=("id", "label")),
        records_table(edges, file=file, role="connections", network=network, first=first),
    ]
