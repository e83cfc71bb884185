"""Read GraphML, as yEd, Gephi, NodeXL, igraph and networkx write it."""

from experiments.importing.tables import Table, check_networks, check_size, clean, records_table
from experiments.importing.xml_tree import Node
from simulation.scenario.problems import Findings

Records = list[tuple[int, dict[str, str]]]


def read_graphml(root: Node, findings: Findings, *, file: str) -> list[Table]:
    """Return elements and connections of each graph in the file."""
    names, defaults = _keys(root)
    graphs = root.all("graph")
    if not graphs:
        findings.add("there is no graph in this GraphML file", file=file)
        return []
    check_networks(len(graphs))
    tables = []
    for position, graph in enumerate(graphs, start=1):
        network = "" if len(graphs) == 1 else clean(graph.attributes.get("id", "")) or str(position)
        check_size(len(graph.within("node", "edge")), 1 + sum(map(len, defaults.values())))
        nodes = [(node.line, _element(node, names, defaults)) for node in graph.within("node")]
        edges = [(edge.line, _edge(edge, names, defaults)) for edge in graph.within("edge")]
        tables.append(records_table(nodes, file=file, role="elements", network=network, first=("id",)))
        first = ("source", "target")
        tables.append(records_table(edges, file=file, role="connections", network=network, first=first))
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


def _element(node: Node, names: dict[str, str], defaults: dict[str, dict[str, str]]) -> dict[str, str]:
    record = {"id": clean(node.attributes.get("id", ""))}
    for name, value in (defaults["node"] | _data(node, names, "NodeLabel")).items():
        record.setdefault(name, value)
    if node.all("graph"):
        record["type"] = record.get("type") or "Group box"
    return record


def _edge(edge: Node, names: dict[str, str], defaults: dict[str, dict[str, str]]) -> dict[str, str]:
    record = {end: clean(edge.attributes.get(end, "")) for end in ("source", "target")}
    for name, value in (defaults["edge"] | _data(edge, names, "EdgeLabel")).items():
        record.setdefault(name, value)
    return record


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
