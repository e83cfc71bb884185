"""Every form gives the same place, whatever the file is called."""

import json
from typing import Any

import pytest

from simulation.importers import Imported
from simulation.scenario import ProblemError
from tests.simulation.importers.maps import (
    APOC,
    CANVAS,
    CONNECTIONS,
    ELEMENTS,
    GEXF,
    GML,
    GRAPHML,
    JSON_GRAPH,
    NAMES,
    NEO4J_NODES,
    NEO4J_TIES,
    PAIRS,
    PAJEK,
    SIF,
    TGF,
    TIES,
    TYPES,
    VNA,
    archive,
    deflated,
    draw_io,
    kumu,
    matrix,
    open_document,
    open_table,
    pairs,
    rows,
    said,
    taken,
    workbook,
)

BLUEPRINT = json.dumps(
    {
        "elements": [{"label": name, "type": type_} for name, type_ in zip(NAMES, TYPES, strict=True)],
        "connections": [{"from": NAMES[a], "to": NAMES[b], "type": kind} for a, b, kind, _ in TIES],
    }
)
D3 = json.dumps(
    {
        "nodes": [{"name": name, "group": type_} for name, type_ in zip(NAMES, TYPES, strict=True)],
        "links": [{"source": a, "target": b, "value": weight} for a, b, _, weight in TIES],
    }
)
CYTOSCAPE = json.dumps(
    {
        "elements": {
            "nodes": [{"data": {"id": f"n{k}", "name": name, "type": TYPES[k]}} for k, name in enumerate(NAMES)],
            "edges": [{"data": {"source": f"n{a}", "target": f"n{b}"}} for a, b, _, _ in TIES],
        }
    }
)
FORMS: dict[str, tuple[str | bytes, ...]] = {
    "CSV pair": (ELEMENTS, CONNECTIONS),
    "CSV pair, the other way round": (CONNECTIONS, ELEMENTS),
    "workbook": (workbook(Elements=rows(ELEMENTS), Connections=rows(CONNECTIONS)),),
    "workbook, other sheet names": (workbook(Notes=[["remarks"]], Who=rows(ELEMENTS), Lines=rows(CONNECTIONS)),),
    "Kumu project": (kumu(),),
    "Kumu blueprint": (BLUEPRINT,),
    "D3": (D3,),
    "Cytoscape": (CYTOSCAPE,),
    "GraphML": (GRAPHML,),
    "GEXF 1.1": (GEXF,),
    "Pajek": (PAJEK,),
    "ODS": (open_document(open_table("Who", rows(ELEMENTS)) + open_table("Ties", rows(CONNECTIONS))),),
    "zip of CSV files": (
        archive({"map/a.csv": ELEMENTS, "map/b.csv": CONNECTIONS, "__MACOSX/._b.csv": b"\0", "README.txt": "x"}),
    ),
    "GML": (GML,),
    "VNA": (VNA,),
    "JSON Graph Format": (JSON_GRAPH,),
    "Neo4j": (NEO4J_NODES, NEO4J_TIES),
    "APOC": (APOC,),
    "TGF, without types": (TGF,),
    "canvas, without types": (CANVAS,),
    "draw.io, without types": (draw_io(packed=False),),
    "draw.io, packed, without types": (draw_io(packed=True),),
    "matrix": (matrix(),),
    "matrix, tabs and blanks": (matrix("\t", ""),),
    "matrix in a workbook": (workbook(Ties=rows(matrix())),),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_place(form: str) -> None:
    imported = taken(*FORMS[form], names=("a.dat", "b.dat"))
    assert pairs(imported) == PAIRS
    assert sorted(one.name for one in imported.organisations) == sorted(NAMES)
    assert "organisations without any tie, kept: 1 of 5 (20%): 'Quiet Trust'" in said(imported)
    if "matrix" not in form and form != "Pajek" and "without types" not in form:
        kinds = {one.name: one.kind for one in imported.organisations}
        assert [kinds[name] for name in NAMES] == ["council", "health", "voluntary", "community", "voluntary"]


def edge_list(text: str, **choices: Any) -> Imported:
    imported = taken(text, **choices)
    assert pairs(imported) == {frozenset("ab"), frozenset("bc"), frozenset("cd")}
    return imported


@pytest.mark.parametrize(
    "text",
    [
        "a b\nb c\nc d\n", "# made by hand\na b 1\nb c 2\nc d 1\n", "a\tb\nb\tc\nc\td\n", "a,b\nb,c\nc,d\n",
        "one,other\na,b\nb,c\nc,d\n", "a b {'weight': 3}\nb c {}\nc d {}\n", "a;b;0,5\nb;c;1\nc;d;2\n",
        "source,target\na,b\nb,c\nc,d\n",
    ],
)  # fmt: skip
def test_edge_lists_with_and_without_column_names(text: str) -> None:
    edge_list(text)


def test_edge_lists_by_the_numbers_of_their_columns() -> None:
    text = "1,x,a,b\n2,y,b,c\n3,z,c,d\n"
    edge_list(text, header=False, columns={"from": "3", "to": "4"})


def test_two_sorts_of_element_in_a_matrix_are_told_apart() -> None:
    text = ",Board,Forum\nCouncil,1,0\nCharity,x,1\nClinic,,1\n"
    imported = taken(text)
    assert len(imported.organisations) == 5
    assert {guess.type for guess in imported.guesses} == {"row", "column"}
    assert "two sorts of element" in said(imported)
    assert len(taken(text, only=("row",)).relationships) == 0


def test_a_matrix_of_numbers_only_can_be_forced_and_an_edge_list_is_not_one() -> None:
    assert pairs(taken("1 2 5\n2 3 1\n3 4 2\n")) == {frozenset("12"), frozenset("23"), frozenset("34")}
    assert pairs(taken("x,1,2\n1,0,1\n2,1,0\n", form="matrix")) == {frozenset("12")}


def test_a_square_of_numbers_is_a_matrix_without_names() -> None:
    for text in ("0 1 0\n1 0 1\n0 1 0\n", "0,1,0\n1,0,1\n0,1,0\n"):
        imported = taken(text)
        assert pairs(imported) == {frozenset("12"), frozenset("23")}
        assert "named by their numbers" in said(imported)
    assert pairs(taken("1,2\n2,1\n", form="matrix", header=False)) == {frozenset("12")}


def test_gephi_calls_a_direction_a_type() -> None:
    nodes = "Id,Label,timeset,modularity_class\n0,Council,,1\n1,Age UK,,2\n"
    imported = taken(nodes, "Source,Target,Type,Id,Label,timeset,Weight\n0,1,Undirected,0,,,1.0\n")
    assert pairs(imported) == {frozenset(("council", "age-uk"))}
    assert imported.relationships[0].kind == ""


def test_several_graphs_partitions_and_relations_of_pajek() -> None:
    text = (
        '*Network money\r\n*Vertices 3\r\n1 "A"\r\n2 "B"\r\n3 "C"\r\n*Arcs :1 "funds"\r\n1 2 1\r\n'
        '*Network talk\r\n*Vertices 2\r\n1 "B"\r\n2 "C"\r\n*Edges\r\n1 2 1\r\n'
        "*Partition sort\r\n*Vertices 2\r\n4\r\n5\r\n"
    )
    both = taken(text)
    assert pairs(both) == {frozenset("ab"), frozenset("bc")}
    assert "several networks were read as one: 'money' (1 tie), 'talk' (1 tie)" in said(both)
    assert {tie.kind for tie in both.relationships} == {"funds", "talk"}
    assert pairs(taken(text, networks=("talk",))) == {frozenset("bc")}


def test_group_boxes_of_yed_are_no_organisations() -> None:
    box = (
        '<node id="g" yfiles.foldertype="group"><graph id="g:">'
        '<node id="g::1"><data key="d0">Inner</data></node></graph></node>'
    )
    imported = taken(GRAPHML.replace("<node ", box + "<node ", 1))
    assert [guess.count for guess in imported.guesses if guess.type == "Group box"] == [1]
    assert "Inner" in [one.name for one in imported.organisations]


def test_the_label_that_yed_draws_is_read() -> None:
    text = (
        '<graphml xmlns:y="http://www.yworks.com/xml/graphml">'
        '<key id="d6" for="node" yfiles.type="nodegraphics"/><graph>'
        '<node id="n0"><data key="d6"><y:ShapeNode><y:NodeLabel>Age\nUK</y:NodeLabel></y:ShapeNode></data></node>'
        '<node id="n1"/><edge source="n0" target="n1"/></graph></graphml>'
    )
    assert [one.name for one in taken(text).organisations] == ["Age UK", "n1"]


@pytest.mark.parametrize("name", ["map.gml", "map.txt", "map.xlsx", "map", "../../etc/map.csv"])
def test_a_wrong_ending_is_said_and_does_not_matter(name: str) -> None:
    imported = taken(GRAPHML, names=(name,))
    assert pairs(imported) == PAIRS
    assert "this is GraphML, and was read so" in said(imported)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"graph [\n node [\n id 1\n", "GML"),
        (b"dl n=3\nformat=edgelist1\n", "UCINET"),
        (b"digraph x {\n a -> b\n}\n", "DOT"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\xd0\xcf\x11\xe0 old", "old or a locked Excel"),
        (b"PK\x03\x04 nothing", "not a workbook"),
        (b"<html><body></body></html>", "web page"),
        (b"<graphml><graph>", "line 1"),
        (b'{"elements": [{"label": "a"},]}', "comma too many"),
        (b'{"elements": [\n{"label": "a",}]}', "line 2"),
        (b'{"things": []}', "no elements and connections"),
        (b"[" * 100_000, "nested too deeply"),
        (b"<a>" * 100 + b"</a>" * 100, "nested too deeply"),
        (b"*Vertices 99999999999\n", "number of vertices"),
        (b"*Vertices 2\n7 \"x\"\n", "vertex's number"),
        (b"some text in one line", "no columns"),
        (b"a,b\0c\n", "zero byte"),
        (b'a,b\n"x,y\n', "quotation mark"),
    ],
)  # fmt: skip
def test_what_is_not_read_is_one_plain_message(content: bytes, words: str) -> None:
    with pytest.raises(ProblemError) as caught:
        taken(content)
    assert words in str(caught.value)
    assert "file-0.csv" in str(caught.value)


def test_entities_are_refused_before_they_grow() -> None:
    lines = ["<!DOCTYPE lolz [", '<!ENTITY a "lol">']
    lines += [f'<!ENTITY {chr(98 + k)} "{f"&{chr(97 + k)};" * 10}">' for k in range(9)]
    text = "\n".join(lines) + "]>\n" + GRAPHML.partition("?>")[2].replace("Foodbank", "&j;")
    for content in (text.encode(), text.encode("utf-16")):
        with pytest.raises(ProblemError, match="document type"):
            taken(content)
    with pytest.raises(ProblemError, match="document type"):
        taken(GRAPHML.replace("<graphml", '<!DOCTYPE g SYSTEM "file:///etc/passwd"><graphml', 1))


def test_sif_is_known_by_its_ending_alone() -> None:
    imported = taken(SIF, names=("map.sif",))
    assert pairs(imported) == PAIRS
    assert {tie.kind for tie in imported.relationships} == {"funds", "refers"}
    assert "Quiet Trust" in [one.name for one in imported.organisations]
    with pytest.raises(ProblemError, match="line 2: 'a b' is no line of a SIF file"):
        taken("a pp b c\na b\n", names=("map.sif",))


def test_what_lines_and_boxes_of_drawings_mean() -> None:
    kinds = {frozenset((tie.source, tie.target)): tie.kind for tie in taken(draw_io(packed=True)).relationships}
    assert kinds[frozenset(("leeds-council", "age-uk"))] == "funds"
    imported = taken(draw_io(packed=False))
    assert [guess.type for guess in imported.guesses if guess.kind == "none"] == ["Note"]  # the title
    loose = draw_io(packed=False).replace(' target="b1"', "")
    with pytest.raises(ProblemError, match="--drop-dangling drops such ties"):
        taken(loose)
    dropped = taken(loose, drop_dangling=True)
    assert len(dropped.relationships) == 3
    assert "not attached to a box at both ends: 1" in said(dropped)


def test_pages_of_a_drawing_are_networks_of_the_same_organisations() -> None:
    page = "<mxGraphModel><root>{}</root></mxGraphModel>"
    box = '<mxCell id="{}" value="{}" vertex="1"/>'
    line = '<mxCell id="9" edge="1" source="2" target="3"/>'
    one = page.format(box.format(2, "A") + box.format(3, "B") + line)
    other = page.format(box.format(2, "B") + box.format(3, "C") + line)
    text = f'<mxfile><diagram name="Money">{one}</diagram><diagram name="Talk">{deflated(other)}</diagram></mxfile>'
    assert pairs(taken(text)) == {frozenset("ab"), frozenset("bc")}
    assert pairs(taken(text, networks=("talk",))) == {frozenset("bc")}


def test_vna_with_several_relations_makes_a_kind_of_each() -> None:
    imported = taken("*Node data\nID\nA\nB\nC\n*Tie data\nfrom to funds advises\nA B 1 0\nB C 1 2\n")
    assert {tie.kind for tie in imported.relationships} == {"funds", "funds; advises"}


def test_ids_of_neo4j_that_name_no_property_are_names() -> None:
    nodes = "name:ID,:LABEL,size:int\nAge UK,Charity,3\nMind,Charity,2\n"
    imported = taken(nodes, ":START_ID,:END_ID\nMind,Age UK\n")
    assert [one.name for one in imported.organisations] == ["Age UK", "Mind"]
    assert [one.role for one in imported.organisations] == ["Charity", "Charity"]


@pytest.mark.parametrize(
    ("text", "form", "remedy"),
    [
        ("%% a comment\nflowchart TD\n  A --> B\n", "Mermaid", "From and To"),
        ("```mermaid\ngraph LR\n  A --> B\n```\n", "Mermaid", "From and To"),
        ("@startuml\nA -> B\n@enduml\n", "PlantUML", "From and To"),
        ("// made by hand\nstrict graph {\n a -- b\n}\n", "DOT", "GraphML"),
        ("DL N=3 FORMAT=EDGELIST1\n", "DL", "GraphML"),
        ("nodedef>name VARCHAR,label VARCHAR\n1,A\n", "GDF", "GraphML"),
        ('<graph xmlns="http://www.cs.rpi.edu/XGMML"/>', "XGMML", "GraphML"),
        ('<map version="1.0.1"/>', "FreeMind", "From and To"),
        (archive({"word/document.xml": "<x/>"}), "Word", "spreadsheet"),
        (archive({"visio/document.xml": "<x/>"}), "Visio", "draw.io"),
        (archive({"xl/workbook.bin": "x"}), "xlsb", "xlsx"),
        (b"\x89PNG\r\n\x1a\n", "picture", "From and To"),
        (b"SQLite format 3\0", "SQLite", "CSV"),
        (archive({"a.csv": ELEMENTS, "b.csv": archive({"c.csv": ELEMENTS})}), "within an archive", "the files"),
        (archive(dict.fromkeys(("place.toml", "organisations.csv"), "")), "place's own folder", "run --place"),
    ],
)
def test_forms_that_are_not_read_are_named_with_how_to_get_one_that_is(
    text: str | bytes, form: str, remedy: str
) -> None:
    with pytest.raises(ProblemError) as caught:
        taken(text)
    assert form in str(caught.value)
    assert remedy in str(caught.value).split("allowed:")[1]
