"""What importers meet in the maps that people publish, trap by trap, the most common first."""

import csv
import io
import json
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook

from simulation.importers.importer import place_files
from simulation.scenario import ProblemError
from tests.simulation.importers.maps import (
    CONNECTIONS,
    ELEMENTS,
    PAIRS,
    kumu,
    matrix,
    pairs,
    rows,
    said,
    taken,
    workbook,
)


def refused(*texts: str | bytes, **choices: Any) -> str:
    with pytest.raises(ProblemError) as caught:
        taken(*texts, **choices)
    return str(caught.value)


@pytest.mark.parametrize(
    "ends",
    [
        "From,To", "source,target", "in,out", "actor1,actor2", "source_name,target_name",
        "From (organisation),To (organisation)", "sourceId,targetId", "Node 1,Node 2", "SRC,DST",
    ],
)  # fmt: skip
def test_1_column_names_vary(ends: str) -> None:
    imported = taken(ELEMENTS, CONNECTIONS.replace("From,To", ends, 1))
    assert pairs(imported) == PAIRS
    assert f"from = '{ends.split(',')[0]}', to = '{ends.split(',')[1]}'" in said(imported)


@pytest.mark.parametrize("name", ["category", "Nature", "group", "node_type", "element type", "Sector"])
def test_1_names_of_the_type_vary(name: str) -> None:
    imported = taken(ELEMENTS.replace("Type", name, 1), CONNECTIONS)
    assert imported.organisations[0].kind == "council"
    assert f"type = '{name}'" in said(imported)


def test_1_the_guess_can_be_changed() -> None:
    elements = ELEMENTS.replace("Label,Type", "Wer,Was", 1)
    ties = CONNECTIONS.replace("From,To", "Von,Nach", 1)
    columns = {"label": "wer", "type": "Was", "from": "Von", "to": "NACH"}
    assert pairs(taken(elements, ties, columns=columns)) == PAIRS
    assert "did you mean 'Nach'" in refused(elements, ties, columns=columns | {"to": "Nacht"})
    assert "Start" in said(taken("Name,Start,End\nA,2019,2021\nB,2020,2022\n"))


def test_2_isolated_elements_are_kept_and_counted() -> None:
    text = ELEMENTS + "".join(f"Lonely {k},Charity,\n" for k in range(7))
    imported = taken(text, CONNECTIONS)
    assert len(imported.organisations) == 12
    assert "organisations without any tie, kept: 8 of 12 (67%)" in said(imported)


def test_3_ends_may_be_codes_of_another_column_or_file() -> None:
    elements = "Label,Type,Shorthand\nCouncil,Council,LCC\nAge UK,Charity,AGE\nClinic,Health,CLI\n"
    ties = "From,To\nLCC,AGE\nage,CLI\n"
    expected = {frozenset(("council", "age-uk")), frozenset(("age-uk", "clinic"))}
    imported = taken(elements, ties)
    assert pairs(imported) == expected
    assert "codes of the column 'Shorthand'" in said(imported)
    key = "Code,Name\nLCC,Council\nAGE,Age UK\nCLI,Clinic\n"
    without = "Label,Type\nCouncil,Council\nAge UK,Charity\nClinic,Health\n"
    imported = taken(without, ties, key)
    assert pairs(imported) == expected
    assert [one.kind for one in imported.organisations] == ["council", "voluntary", "health"]


def test_4_what_is_no_organisation_is_left_out_by_type_and_said() -> None:
    elements = ELEMENTS + "Jane,Person,\nLedger,Database,\nWarmth,Need,\n"
    ties = CONNECTIONS + "Jane,Age UK,works for,1\n"
    imported = taken(elements, ties)
    assert [one.name for one in imported.organisations if one.name in ("Jane", "Ledger", "Warmth")] == []
    assert "elements left out by type: 3: Person (1), Database (1), Need (1)" in said(imported)
    assert "ties of elements that were left out, dropped with them: 1" in said(imported)
    kept = taken(elements, ties, kinds={"person": "community"})
    assert [one.kind for one in kept.organisations if one.name == "Jane"] == ["community"]
    assert {one.name for one in taken(elements, ties, only=("Charity",)).organisations} == {"Age UK", "Quiet Trust"}
    assert len(taken(elements, ties, without_types=("charity", "Need")).organisations) == 3
    assert "did you mean 'Charity'" in refused(elements, ties, only=("Charty",))
    assert "no element is left" in refused("Label,Type\nJane,Person\nJoe,Person\n")


def test_4_kinds_are_guessed_shown_and_changed() -> None:
    text = "Label,Type\nZebra,Anchor\nSt Ann's Hospital,Public sector\nGiraffe,\n"
    imported = taken(text)
    assert [one.kind for one in imported.organisations] == ["voluntary", "health", "voluntary"]
    assert "kind assumed voluntary, since neither type nor name says: 2: 'Zebra', 'Giraffe'" in said(imported)
    changed = taken(text, kinds={"Anchor": "business", "": "education", "st ann's hospital": "none"})
    assert [one.kind for one in changed.organisations] == ["business", "education"]
    assert "is not a kind" in refused(text, kinds={"Anchor": "zoo"})


def test_5_the_same_pair_is_one_relationship() -> None:
    ties = CONNECTIONS + "Age UK,Leeds Council,reports to,1\nLeeds Council,Age UK,advises,1\nFoodbank,Age UK,refers,2\n"
    imported = taken(ELEMENTS, ties)
    assert pairs(imported) == PAIRS
    assert len(imported.relationships) == len(PAIRS)
    assert {tie.kind for tie in imported.relationships} == {"funds; reports to; advises", "refers", "funds"}
    for words in ("1 the same tie again", "1 the same pair the other way round", "1 the same pair with another type"):
        assert words in said(imported)


def test_6_ties_to_oneself_are_dropped_and_said() -> None:
    imported = taken(ELEMENTS, CONNECTIONS + "Foodbank,Foodbank,self,1\n")
    assert pairs(imported) == PAIRS
    assert "ties of an element to itself, dropped: 1 ('Foodbank')" in said(imported)
    assert "ties of an element to itself, dropped: 5" in said(taken(matrix()))


def test_7_blanks_and_case_do_not_make_others() -> None:
    ties = CONNECTIONS.replace("Age UK", " age  uk ").replace("St Ann's", "st ann’s")
    imported = taken(ELEMENTS, ties)
    assert pairs(imported) == PAIRS
    assert "found whatever their case and blanks" in said(imported)
    alone = taken("From,To\nAge UK,Clinic\nclinic , Mosque\nAGE UK,Mosque\n")
    assert len(alone.organisations) == 3
    assert "'Age UK' / 'AGE UK'" in said(alone)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "latin-1", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_8_as_other_programs_save(encoding: str, ending: str, separator: str) -> None:
    elements = 'Label,Type\n"Café\nde Paris",Charity\nCouncil,Council\n'.replace(",", separator).replace("\n", ending)
    ties = 'From,To,Weight\n"Café de Paris",Council,"0,5"\n'.replace(",", separator, 2).replace(
        'Paris",', f'Paris"{separator}'
    )
    ties = ties.replace('Council,"', f'Council{separator}"').replace("\n", ending)
    imported = taken(elements.encode(encoding), ties.encode(encoding), weights="0-1")
    assert [one.name for one in imported.organisations] == ["Café de Paris", "Council"]
    assert [tie.strength for tie in imported.relationships] == [0.5]
    if encoding in ("windows-1252", "latin-1"):
        assert "read as Windows-1252 (such as: Café" in said(imported)


def test_8_an_encoding_can_be_chosen() -> None:
    text = ELEMENTS.replace("Age UK", "Łódź")
    assert "Łódź" in [one.name for one in taken(text.encode("windows-1250"), encoding="windows-1250").organisations]
    assert "not in utf-8" in refused(text.encode("windows-1250"), encoding="utf-8")


def test_9_names_that_are_missing_or_repeated() -> None:
    elements = "Label,Type,Label\nAge UK,Charity,x\n,Charity,\nLabel,Type,Label\nAge UK,Church,y\nMind,Charity,z\n"
    imported = taken(elements)
    assert [one.name for one in imported.organisations] == ["Age UK", "Unnamed, line 3", "Age UK", "Mind"]
    assert [one.id for one in imported.organisations][::2] == ["age-uk", "age-uk-2"]
    for words in (
        "columns with one name, of which the first is read: 'Label'", "rows that repeat the column names, left out: 1",
        "elements without a name, named by their line: 1 (line 3)",
        "several elements with one name, kept apart: 'Age UK' (lines 2, 5)",
    ):  # fmt: skip
        assert words in said(imported)


def test_9_a_tie_to_one_of_several_of_a_name_is_not_guessed() -> None:
    elements = "Label,Type\nAge UK,Charity\nage uk,Church\nMind,Charity\n"
    text = refused(elements, "From,To\nMind,AGE UK\n")
    assert "'AGE UK' is the name of several elements (lines 2, 3)" in text
    assert len(taken(elements, "From,To\nMind,age uk\n").relationships) == 1  # as one of them is written
    assert len(taken(elements, "From,To\nMind,AGE UK\n", merge_same_name=True).organisations) == 2


def test_10_dangling_and_blank_ends_are_named() -> None:
    ties = CONNECTIONS + "Age UKK,Foodbank,x,1\nAge UKK,Leeds Council,x,1\n,Foodbank,x,1\nNobody,Nothing,x,1\n"
    text = refused(ELEMENTS, ties)
    assert "file-1.csv, line 6: 'Age UKK' is the end of a tie, but no element (named in 2 ties, first here)" in text
    assert "did you mean 'Age UK'" in text
    assert "line 8: a tie with a blank end" in text
    assert "'Nobody'" in text
    assert "'Nothing'" in text
    dropped = taken(ELEMENTS, ties, drop_dangling=True)
    assert pairs(dropped) == PAIRS
    assert "dropped as chosen: 4" in said(dropped)
    assert "'Age UKK'" in said(dropped)
    added = taken(ELEMENTS, ties.replace(",Foodbank,x,1\nNobody", "Nobody"), add_dangling=True)
    assert {"age-ukk", "nobody", "nothing"} <= {one.id for one in added.organisations}


def test_10_several_ends_in_one_cell() -> None:
    ties = "From,To\nLeeds Council,Age UK|Foodbank\nAge UK,St Ann's Hospital; Foodbank\n"
    imported = taken(ELEMENTS, ties)
    assert pairs(imported) == PAIRS
    assert "made one tie for each: 2" in said(imported)


def test_10_matrices_whose_sides_differ_are_joined_and_said() -> None:
    text = ",A,B,C,D\nA,0,1,0,1\nB,1,0,1,0\nC ,0,1,0,0\nE,1,0,0,0\n"
    imported = taken(text)
    assert pairs(imported) == {frozenset(pair) for pair in ("ab", "ad", "bc", "ae")}
    assert "names of a row only, kept as elements: 'E'" in said(imported)
    assert "names of a column only, kept as elements: 'D'" in said(imported)
    assert "4 rows and 4 columns" in said(imported)


@pytest.mark.parametrize("empty", ["", "0", "NA", "n/a", "0,0", "-", "no"])
def test_11_no_tie_is_written_in_many_ways(empty: str) -> None:
    assert pairs(taken(matrix(";", empty))) == PAIRS
    listed = ELEMENTS, CONNECTIONS + f'Quiet Trust,Age UK,x,"{empty}"\n'
    tied = frozenset(("quiet-trust", "age-uk")) in pairs(taken(*listed))
    assert tied == (empty == "")  # a list names its ties: a blank weight there is no answer, not no tie


def test_12_weights_are_read_only_as_somebody_says() -> None:
    silent = taken(ELEMENTS, CONNECTIONS)
    assert {tie.strength for tie in silent.relationships} == {None}
    assert "numbers from 1 to 3) were not used" in said(silent)
    strength = {tie.target: tie.strength for tie in taken(ELEMENTS, CONNECTIONS, weights="0-10").relationships}
    assert strength["st-anns-hospital"] == 0.1
    largest = [tie.strength for tie in taken(ELEMENTS, CONNECTIONS, weights="largest").relationships]
    assert largest == [1.0, 0.3333, 0.6667, 0.3333]
    odd = (
        CONNECTIONS.replace("funds,3", "funds,-3")
        .replace("refers,1", "refers,1/2")
        .replace("refers,2", "refers,weekly")
    )
    text = refused(ELEMENTS, odd, weights="0-1")
    assert "line 2, weight of a tie: '-3' is out of range; allowed: a number from 0 to 1" in text
    assert "'weekly'" in text
    assert "1/2" not in text
    kept = taken(ELEMENTS, odd)
    assert pairs(kept) == PAIRS
    assert "ties with a weight below 0, kept as ties like the others: 1" in said(kept)
    assert "words such as 'weekly'" in said(kept)
    assert "relationships have no direction" in said(kept)


def test_13_several_maps_in_one_file() -> None:
    maps = [
        {"name": "Money", "elements": [{"element": f"elem-{k}"} for k in (0, 2, 3)],
         "connections": [{"connection": "conn-0"}, {"connection": "conn-3"}]},
        {"name": "Referral", "elements": [{"element": f"elem-{k}"} for k in (1, 2, 3)],
         "connections": [{"connection": "conn-1"}, {"connection": "conn-2"}]},
    ]  # fmt: skip
    both = taken(kumu(maps=maps))
    assert pairs(both) == PAIRS
    assert len(both.organisations) == 5
    assert "'Money' (2 ties), 'Referral' (2 ties)" in said(both)
    one = taken(kumu(maps=maps), networks=("money",))
    assert pairs(one) == {frozenset(("leeds-council", "age-uk")), frozenset(("leeds-council", "foodbank"))}
    assert "St Ann's Hospital" not in [organisation.name for organisation in one.organisations]
    assert "did you mean 'Money'" in refused(kumu(maps=maps), networks=("Mony",))
    sheets = workbook(
        Who=rows(ELEMENTS), Funding=rows(CONNECTIONS)[:2], Advice=rows(CONNECTIONS)[:1] + rows(CONNECTIONS)[2:]
    )
    assert pairs(taken(sheets)) == PAIRS
    assert len(taken(sheets, networks=("Funding",)).relationships) == 1
    assert len(taken(sheets, networks=("Funding",)).organisations) == 5


def test_14_json_with_a_comma_too_many_is_placed() -> None:
    text = json.dumps(json.loads(kumu()), indent=1)
    text = text.replace("}\n ],", "},\n ],", 1)
    message = refused(text)
    assert "comma too many" in message
    at = text[: text.index("},\n ],")].count("\n") + 2
    assert f"file-0.csv, line {at}, column" in message


def test_15_thousands_of_empty_rows_and_formulas() -> None:
    book = load_workbook(io.BytesIO(workbook(Elements=rows(ELEMENTS), Connections=rows(CONNECTIONS))))
    book["Elements"].cell(row=9_000, column=1, value="Far Away")
    book["Elements"].cell(row=3, column=3, value='=HYPERLINK("http://example.org")')
    stream = io.BytesIO()
    book.save(stream)
    imported = taken(stream.getvalue(), names=("map.xlsx",))
    assert pairs(imported) == PAIRS
    assert imported.organisations[-1].name == "Far Away"
    assert "map.xlsx, sheet Elements: empty rows skipped: 8993" in said(imported)
    assert "cells with formulas, read as the values last saved: 1; without a saved value" in said(imported)
    assert "so read as blank: 1 (first C3)" in said(imported)


def test_15_workbooks_that_unpack_to_too_much_or_hold_entities_are_refused() -> None:
    content = workbook(Elements=rows(ELEMENTS))
    bomb, entity = io.BytesIO(content), io.BytesIO(content)
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/media/x.bin", b"\0" * 90_000_000)
    assert "too large" in refused(bomb.getvalue())
    with zipfile.ZipFile(entity, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet9.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>')
    assert "document type" in refused(entity.getvalue())
    assert "too large" in refused(b"a" * 20_000_001)


def test_names_are_never_formulas_in_the_tables() -> None:
    text = 'Label,Type\n"=cmd|calc!A1",Charity\n@SUM,-1+1\nAge UK,Charity\n'
    imported = taken(text)
    assert [one.name for one in imported.organisations] == ["=cmd|calc!A1", "@SUM", "Age UK"]
    assert imported.organisations[1].role == "-1+1"
    written = place_files(imported, title="A place")["organisations.csv"]
    assert [cell for row in csv.reader(written.splitlines()) for cell in row if cell[:1] in ("=", "+", "@", "-")] == []
    again = taken(written.replace("name,kind,role", "Label,kind,Type"))  # as somebody imports it once more
    assert [one.name for one in again.organisations] == [one.name for one in imported.organisations]


def test_a_column_of_sizes_is_read_only_when_named() -> None:
    text = "Label,Size\nA,12\nB,x\n"
    assert [one.size for one in taken(text).organisations] == ["", ""]
    assert "'x' can't be a size" in refused(text, columns={"size": "Size"})
    assert [one.size for one in taken(text.replace("x", ""), columns={"size": "Size"}).organisations] == ["12", ""]
