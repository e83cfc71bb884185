"""Read GEXF, Gephi's own form, from version 1.0 on."""

from experiments.importing.tables import Table, check_size, clean, records_table
from experiments.importing.xml_tree import Node
from simulation.scenario.problems import Findings


def read_gexf(root: Node, findings: Findings, *, file: str) -> list[Table]:
    """Return elements and connections."""
    graphs = root.within("graph")
    if not graphs:
        findings.add("there is no graph in this GEXF file", file=file)
        return []
    graph = graphs[0]
    columns = {kind: _columns(graph, kind) for kind in ("node", "edge")}
    check_size(len(graph.within("node", "edge")), 1 + len(columns["node"][1]) + len(columns["edge"][1]))
    nodes = [(node.line, _element(node, *columns["node"])) for node in graph.within("node")]
    edges = [(edge.line, _edge(edge, *columns["edge"])) for edge in graph.within("edge")]
    return [
        records_table(nodes, file=file, role="elements", first=("id", "label")),
        records_table(edges, file=file, role="connections", first=("source", "target")),
    ]


def _columns(graph: Node, kind: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return attribute titles by id, and default values by title."""
    titles: dict[str, str] = {}
    defaults: dict[str, str] = {}
    for group in graph.all("attributes"):
        if group.attributes.get("class", "node") == kind:
            for attribute in group.all("attribute"):
                identity = attribute.attributes.get("id", "")
                titles[identity] = clean(attribute.attributes.get("title", identity))
                for default in attribute.all("default"):
                    defaults[titles[identity]] = clean(default.text)
    return titles, defaults


def _element(node: Node, titles: dict[str, str], defaults: dict[str, str]) -> dict[str, str]:
    record = {name: clean(node.attributes.get(name, "")) for name in ("id", "label")}
    for name, value in (defaults | _values(node, titles)).items():
        record.setdefault(name, value)
    return record


def _edge(edge: Node, titles: dict[str, str], defaults: dict[str, str]) -> dict[str, str]:
    """Return a tie; GEXF's `type` says its direction, `kind` and `label` what it is."""
    record = {name: clean(edge.attributes.get(name, "")) for name in ("source", "target")}
    weight = edge.attributes.get("weight", edge.attributes.get("cardinal", ""))
    kind = edge.attributes.get("kind") or edge.attributes.get("label") or ""
    record |= {name: clean(value) for name, value in (("weight", weight), ("kind", kind)) if value}
    for name, value in (defaults | _values(edge, titles)).items():
        record.setdefault(name, value)
    return record


def _values(owner: Node, titles: dict[str, str]) -> dict[str, str]:
    found = {}
    for group in owner.all("attvalues"):
        for value in group.all("attvalue"):
            identity = value.attributes.get("for", value.attributes.get("id", ""))
            found[titles.get(identity, clean(identity))] = clean(value.attributes.get("value", ""))
    return found
