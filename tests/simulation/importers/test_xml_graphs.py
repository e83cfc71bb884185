"""What Gephi, networkx and Pajek write besides names and ties: times, titles that clash, relations by number."""

import json
from typing import Any

import pytest

from simulation.importers import Imported
from simulation.scenario import ProblemError
from tests.simulation.importers.maps import pairs, said, taken


def gexf(nodes: str, edges: str, attributes: str = "", more: str = 'timeformat="date"') -> str:
    return (
        f'<gexf xmlns="http://gexf.net/1.3" version="1.3"><graph mode="dynamic" {more}>{attributes}'
        f"<nodes>{nodes}</nodes><edges>{edges}</edges></graph></gexf>"
    )


NODES = (
    '<node id="a" label="A"/><node id="b" label="B" start="2020-01-01" end="2022-06-30"/>'
    '<node id="c" label="C"><spells><spell end="2019-12-31"/><spell start="2023-01-01"/></spells></node>'
)
EDGES = (
    '<edge id="0" source="a" target="b" start="2021-03" end="2021-03"/>'
    '<edge id="1" source="a" target="c"><spells><spell start="2018"/></spells></edge>'
    '<edge id="2" source="b" target="c"/>'
)


def at(text: str, date: str, **choices: Any) -> tuple[set[str], set[frozenset[str]]]:
    imported = taken(text, at=date, **choices)
    return {one.id for one in imported.organisations}, pairs(imported)


def test_a_gexf_over_time_is_read_whole_and_said_or_at_a_date() -> None:
    text = gexf(NODES, EDGES)
    whole = taken(text)
    assert len(whole.relationships) == 3
    assert "from 2018-01-01 to 2023-01-01, stand 2 of 3 elements and 2 of 3 ties" in said(whole)
    assert "--at DATE" in said(whole)
    assert at(text, "2021-03-31") == ({"a", "b"}, {frozenset("ab")})
    assert at(text, "2021-04-01") == ({"a", "b"}, set())
    assert at(text, "2023-01-01") == ({"a", "c"}, {frozenset("ac")})
    assert at(text, "2019") == ({"a", "c"}, {frozenset("ac")})
    assert "left out, since not there then: 1 of 3 elements and 2 of 3 ties" in said(taken(text, at="2021-03-31"))


def test_times_may_be_numbers_stamps_and_open_ends() -> None:
    nodes = '<node id="a"/><node id="b" timestamps="<[1, 2.5]>"/><node id="c" intervals="<[0, 1]; [4, 5]>"/>'
    nodes = nodes.replace("<[", "&lt;[") + '<node id="d" start="1" endopen="2"/>'
    text = gexf(nodes, "", more="")
    present = {stamp: at(text, stamp)[0] for stamp in ("1", "2", "2.5", "4.5")}
    assert present == {"1": {"a", "b", "c", "d"}, "2": {"a"}, "2.5": {"a", "b"}, "4.5": {"a", "c"}}


def test_values_that_change_are_those_of_the_date() -> None:
    attributes = '<attributes class="node" mode="dynamic"><attribute id="0" title="type" type="string"/></attributes>'
    values = '<attvalue for="0" value="Council" end="2021"/><attvalue for="0" value="Charity" start="2022"/>'
    text = gexf(f'<node id="a"><attvalues>{values}</attvalues></node>', "", attributes)
    assert [taken(text, at=day).organisations[0].role for day in ("2021-12-31", "2022-01-01")] == ["Council", "Charity"]
    assert "values that change, of which the last was read: 1" in said(taken(text))


@pytest.mark.parametrize(
    ("text", "date", "words"),
    [
        (gexf('<node id="a"/>', ""), "2021-01-01", "nothing in this file has a time"),
        (gexf(NODES, EDGES), "last spring", "'last spring' is no date"),
        (gexf(NODES.replace("2022-06-30", "soon"), EDGES), "2021", "neither a date nor a number"),
        ("From,To\na,b\n", "2021-01-01", "--at"),
    ],
)
def test_a_date_that_can_not_be_read_by_is_refused(text: str, date: str, words: str) -> None:
    with pytest.raises(ProblemError) as caught:
        taken(text, at=date)
    assert words in str(caught.value)


def attributed(titles: list[str], *nodes: tuple[str, list[str]], of: str = "for") -> Imported:
    """Import elements with attributes of these titles."""
    columns = "".join(f'<attribute id="{k}" title="{title}" type="string"/>' for k, title in enumerate(titles))
    made = "".join(
        f"<node {about}><attvalues>"
        + "".join(f'<attvalue {of}="{k}" value="{value}"/>' for k, value in enumerate(values) if value)
        + "</attvalues></node>"
        for about, values in nodes
    )
    return taken(gexf(made, "", f'<attributes class="node">{columns}</attributes>', more=""))


@pytest.mark.parametrize("title", ["name", "Label", "Organisation", "Title"])
def test_labels_that_are_ids_give_way_to_an_attribute_of_names(title: str) -> None:
    imported = attributed([title], ('id="0" label="0"', ["Council"]), ('id="1" label="1"', ["Foodbank"]))
    assert [one.name for one in imported.organisations] == ["Council", "Foodbank"]
    assert f"names are taken from the attribute '{title}'" in said(imported)


def test_attributes_titled_label_or_id_do_not_hide_the_element_s_own() -> None:
    imported = attributed(
        ["label", "id"], ('id="n1" label=""', ["Council", "E08"]), ('id="n2" label="Own"', ["Other", ""])
    )
    assert [one.name for one in imported.organisations] == ["Council", "Own"]
    imported = attributed(["name"], ('id="n1" label="Own"', ["Other"]), ('id="n2" label="n2"', ["Other"]))
    assert [one.name for one in imported.organisations] == ["Own", "n2"]


def test_early_gexf_names_attributes_by_their_place() -> None:
    text = gexf(
        '<node id="1" label="Forum"><attvalues><attvalue id="0" value="red"/><attvalue id="1" value="Charity"/>'
        "</attvalues></node>",
        "",
        '<attributes class="node"><attribute id="Colour" title="Colour"/><attribute id="Type" title="Type"/>'
        "</attributes>",
        more="",
    )
    assert taken(text).organisations[0].role == "Charity"
    assert "by position" in said(taken(text))


def test_pajek_doubles_quotation_marks_and_numbers_relations() -> None:
    text = (
        '*Vertices 4\n1 "The ""Hub"" Trust" 0.1 0.2\n2 Hill House 0.3 0.4 ellipse\n3 "C" [1-3]\n4 "D"\n'
        '*Arcs :1 "funds"\n*Arcs :2 "refers"\n1: 1 2 1\n2: 2 3 5 [2-3]\n2 : 3 4 1\n'
    )
    imported = taken(text)
    assert [one.name for one in imported.organisations] == ['The "Hub" Trust', "Hill House", "C", "D"]
    kinds = {frozenset((tie.source, tie.target)): tie.kind for tie in imported.relationships}
    assert kinds[frozenset(("the-hub-trust", "hill-house"))] == "funds"
    assert kinds[frozenset(("hill-house", "c"))] == kinds[frozenset("cd")] == "refers"
    assert "stand for a time only, read whenever that is: 2" in said(imported)


@pytest.mark.parametrize("line", ["1: 2 3", "1 2 3", "1 : 2 3"])
def test_a_list_of_pajek_may_have_a_colon_after_its_first(line: str) -> None:
    text = f"*Vertices 3\n1 A\n2 B\n3 C\n*Edgeslist\n{line}\n"
    assert pairs(taken(text)) == {frozenset("ab"), frozenset("ac")}


def test_two_modes_of_pajek_are_told_apart() -> None:
    imported = taken('*Vertices 3 2\n1 "A"\n2 "B"\n3 "Monday forum"\n*Edges\n1 3\n2 3\n')
    assert [one.role for one in imported.organisations] == ["row", "row", "column"]
    assert "two sorts of element" in said(imported)


@pytest.mark.parametrize("indent", [1, 2, None])
def test_json_is_placed_by_its_lines(indent: int | None) -> None:
    nodes = [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}]
    links = [{"source": "a", "target": "b"}, {"source": "a", "target": "zz"}]
    text = json.dumps({"nodes": nodes, "links": links}, indent=indent)
    begins = text[: text.rindex("{")].count("\n") + 1
    with pytest.raises(ProblemError) as caught:
        taken(text)
    assert [problem.line for problem in caught.value.problems] == [begins]
