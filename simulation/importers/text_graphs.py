"""Graphs written as plain text: Pajek, GML, VNA, TGF and SIF."""

import re
from dataclasses import dataclass, field
from typing import Any

from simulation.importers.choices import Choices
from simulation.importers.matrices import is_no_tie
from simulation.importers.tables import (
    MOST_ELEMENTS,
    Records,
    Table,
    check_networks,
    check_size,
    clean,
    graph_tables,
)
from simulation.scenario.errors import Findings

_GML = re.compile(r"\A\s*(#[^\n]*\n\s*|(creator|version|comment)\s[^\n]*\n\s*)*graph\s*\[", re.IGNORECASE)
_VNA = re.compile(r"\A\s*\*\s*(node|tie)\s+(data|properties)\b", re.IGNORECASE)
_PAJEK = re.compile(r"^\s*\*(network|vertices|partition|arcs|edges|matrix)\b", re.IGNORECASE | re.MULTILINE)
_WORD = re.compile(r'"((?:[^"]|"")*)"|([^\s,]+)')


def is_gml(text: str) -> bool:
    """Tell whether a text is a GML file."""
    return _GML.match(text[:10_000]) is not None


def is_vna(text: str) -> bool:
    """Tell whether a text is in NetDraw's form."""
    return _VNA.match(text[:1_000]) is not None


def is_pajek(text: str) -> bool:
    """Tell whether a text is a Pajek file."""
    return _PAJEK.search(text[:10_000]) is not None


def read_gml(text: str, choices: Choices, findings: Findings, *, file: str) -> list[Table]:
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
    return graph_tables(nodes, edges, file=file)


def _plain(data: dict[str, Any]) -> dict[str, str]:
    """Return the attributes that are texts or numbers, not how they are drawn."""
    return {clean(name): clean(value) for name, value in data.items() if isinstance(value, str | int | float)}


def read_vna(text: str, choices: Choices, findings: Findings, *, file: str) -> list[Table]:
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
    return graph_tables(nodes, edges, file=file)


def is_tgf(text: str) -> bool:
    """Tell whether lines of an id and a name stand above a lone hash, and lines of two such ids below."""
    above, mark, below = text.partition("\n#\n")
    if not mark or below.count("\n#\n"):
        return False
    ids = {line.split()[0] for line in above.split("\n") if line.strip()}
    ties = [line.split(None, 2) for line in below.split("\n") if line.strip()]
    return bool(ids) and all(len(words) > 1 and {words[0], words[1]} <= ids for words in ties)


def read_tgf(text: str, choices: Choices, findings: Findings, *, file: str) -> list[Table]:
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
    return graph_tables(nodes, edges, file=file)


def read_sif(text: str, choices: Choices, findings: Findings, *, file: str) -> list[Table]:
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
    return graph_tables([(line, {"label": name}) for name, line in nodes.items()], edges, file=file)


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
        tables += graph_tables(
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


_PAJEK_WORD = re.compile(r'"((?:[^"]|"")*)"|(\S+)')
_NUMBER = re.compile(r"[+-]?\d*[.,]?\d+(e[+-]?\d+)?", re.IGNORECASE)
_SHAPES = ("ellipse", "box", "diamond", "triangle", "cross", "empty", "circle", "house", "man", "woman")
_TIME = re.compile(r"\[[-\d,*\s]*\]")
TIES = ("arcs", "edges", "arcslist", "edgeslist", "matrix")


@dataclass
class Network:
    """A network as it is read: labels by number, ties with line, ends, weight and relation."""

    name: str
    count: int = 0
    labels: dict[int, str] = field(default_factory=dict)
    lines: dict[int, int] = field(default_factory=dict)
    ties: list[tuple[int, str, str, str, str]] = field(default_factory=list)
    attributes: dict[str, list[str]] = field(default_factory=dict)
    relation: str = ""
    relations: dict[str, str] = field(default_factory=dict)
    matrix_row: int = 0
    first_mode: int = 0
    """Vertices of the first of two modes, such as organisations before the meetings that they were at."""

    def identity(self, number: str) -> str:
        """Return what a vertex goes by: its label where no other has it, or else number and label."""
        label = self.labels.get(int(number), "") if number.isdecimal() and len(number) < 10 else ""
        return label if label and self.unique[label] == 1 else f"{number} {label}".strip()

    def settle(self) -> None:
        """Count the labels."""
        self.unique: dict[str, int] = {}
        for label in self.labels.values():
            self.unique[label] = self.unique.get(label, 0) + 1


def read_pajek(text: str, choices: Choices, findings: Findings, *, file: str) -> list[Table]:
    """Return elements and connections of each network; vertices of one label in several networks are one."""
    networks = _networks(text, findings, file=file)
    if findings.problems:
        return []
    if not any(network.count for network in networks):
        findings.add("there are no *Vertices in this Pajek file", file=file)
        return []
    tables = []
    networks = [network for network in networks if network.count]
    check_networks(len(networks))
    for position, network in enumerate(networks, start=1):
        network.settle()
        name = "" if len(networks) == 1 else network.name or str(position)
        tables += _pajek_tables(network, name, file=file)
    return tables


def _pajek_tables(network: Network, name: str, *, file: str) -> list[Table]:
    elements = []
    for number in range(1, network.count + 1):
        record = {"id": network.identity(str(number)), "label": network.labels.get(number, "") or str(number)}
        for attribute, values in network.attributes.items():
            record[attribute] = values[number - 1] if number <= len(values) else ""
        if network.first_mode:
            record.setdefault("type", "row" if number <= network.first_mode else "column")
        elements.append((network.lines.get(number, 0), record))
    ties = []
    for line, source, target, weight, relation in network.ties:
        ends = {"source": network.identity(source), "target": network.identity(target)}
        ties.append((line, ends | {"weight": weight, "relation": relation}))
    return graph_tables(elements, ties, file=file, network=name, ends=("source", "target", "weight", "relation"))


def _networks(text: str, findings: Findings, *, file: str) -> list[Network]:
    networks = [Network("")]
    section, title = "", ""
    fleeting = 0
    for line, raw in enumerate(text.split("\n"), start=1):
        stripped = raw.strip()
        if not stripped or stripped.startswith("%"):
            continue
        fleeting += _TIME.search(stripped) is not None and section in ("vertices", *TIES)
        words = _words(_TIME.sub("", stripped) if section in ("vertices", *TIES) else stripped)
        if not stripped.startswith("*"):
            if words:
                _take(networks[-1], section, title, words, line, findings, file=file, is_quoted='"' in stripped)
            continue
        name, rest = (words[0][1:].casefold(), words[1:]) if words else ("", [])
        if name == "network":
            networks.append(Network(clean(" ".join(rest))))
        elif name in ("partition", "vector"):
            section, title = name, clean(" ".join(rest)) or name
            networks[-1].attributes.setdefault(title, [])
            continue
        elif name == "vertices" and section in ("partition", "vector"):
            continue
        elif name == "vertices":
            _count(networks, rest, line, findings, file=file)
        elif name in TIES:
            _begin_ties(networks[-1], rest)
        else:
            findings.note(f"a part of the file is not read: *{clean(name)}", file=file, line=line)
        section = name
    if fleeting:
        findings.note(f"vertices and ties that stand for a time only, read whenever that is: {fleeting}", file=file)
    return networks


def _words(line: str) -> list[str]:
    """Return a line's words, a doubled quotation mark within quotation marks as one.

    >>> _words('1 "The ""Hub"" Trust" 0.5')
    ['1', 'The "Hub" Trust', '0.5']
    """
    return [quoted.replace('""', '"') or bare for quoted, bare in _PAJEK_WORD.findall(line)]


def _count(networks: list[Network], rest: list[str], line: int, findings: Findings, *, file: str) -> None:
    if networks[-1].count:
        networks.append(Network(""))
    number = rest[0] if rest else ""
    if not number.isdecimal() or len(number) > 9 or int(number) > MOST_ELEMENTS:
        allowed = f"a number up to {MOST_ELEMENTS:,}"
        findings.add("is the number of vertices", file=file, line=line, value=number or "nothing", allowed=allowed)
        return
    networks[-1].count = int(number)
    if len(rest) > 1 and rest[1].isdecimal() and len(rest[1]) < 10 and 0 < int(rest[1]) < int(number):
        networks[-1].first_mode = int(rest[1])
        findings.note("a network of two sorts of element: they were given the types 'row' and 'column'", file=file)


def _begin_ties(network: Network, rest: list[str]) -> None:
    """Keep the relation's name and number, as in `*Arcs :2 "funds"`."""
    network.relation = clean(" ".join(word for word in rest if not word.startswith(":")))
    network.relations |= {word[1:]: network.relation for word in rest[:1] if word.startswith(":")}
    network.matrix_row = 0


def _take(
    network: Network,
    section: str,
    title: str,
    words: list[str],
    line: int,
    findings: Findings,
    *,
    file: str,
    is_quoted: bool,
) -> None:
    if section == "vertices":
        if words[0].isdecimal() and len(words[0]) < 10 and 1 <= int(words[0]) <= network.count:
            network.labels[int(words[0])] = _label(words, is_quoted=is_quoted)
            network.lines[int(words[0])] = line
        else:
            allowed = f"1 to {network.count}"
            findings.add("is not a vertex's number", file=file, line=line, value=words[0], allowed=allowed)
    elif section in ("partition", "vector"):
        network.attributes[title].append(clean(words[0]))
    elif section in ("arcs", "edges") and len(words) > 1:
        number, words = _numbered(words)
        relation = network.relations.get(number, "") or _relation(network, words)
        network.ties.append((line, words[0], words[1], words[2] if len(words) > 2 else "", relation))
    elif section in ("arcslist", "edgeslist"):
        network.ties += [(line, words[0].rstrip(":"), word, "", network.relation) for word in words[1:] if word != ":"]
    elif section == "matrix":
        network.matrix_row += 1
        row = str(network.matrix_row)
        cells = enumerate(words, start=1)
        network.ties += [(line, row, str(column), cell, network.relation) for column, cell in cells if cell != "0"]


def _numbered(words: list[str]) -> tuple[str, list[str]]:
    """Return the number of a tie's relation and its other words, as in `2: 1 3 1`; a colon after an end is none.

    >>> _numbered(["2:", "1", "3", "1"]), _numbered(["1:", "2"]), _numbered(["1", "2", "1"])
    (('2', ['1', '3', '1']), ('', ['1', '2']), ('', ['1', '2', '1']))
    """
    joined = [words[0] + ":", *words[2:]] if words[1] == ":" else words
    if joined[0].endswith(":") and len(joined) > 2:
        return joined[0][:-1], joined[1:]
    return "", [joined[0].rstrip(":"), *joined[1:]] if len(joined) > 1 else words


def _label(words: list[str], *, is_quoted: bool) -> str:
    """Return a vertex's label: of one without quotation marks the words before its place and shape."""
    if len(words) < 2 or is_quoted:
        return clean(words[1]) if len(words) > 1 else words[0]
    own = [words[1]]
    for word in words[2:]:
        if _NUMBER.fullmatch(word) or word in _SHAPES:
            break
        own.append(word)
    return clean(" ".join(own))


def _relation(network: Network, words: list[str]) -> str:
    """Return a tie's own label, as in `1 2 1 l "funds"`, or its section's."""
    return clean(words[words.index("l") + 1]) if "l" in words[3:-1] else network.relation
