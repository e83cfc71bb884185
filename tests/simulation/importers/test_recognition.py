"""A wrong guess never ends in a clean check: what tables are is told by headings and contents, or asked."""

import json
import re
import shlex
from typing import Any

import pytest

from experiments.cli.place import write_place
from simulation.importers import Imported, Upload, import_map, place_files
from simulation.importers.importer import choices_of
from simulation.importers.questions import Question
from simulation.scenario import ProblemError, check_place
from tests.simulation.importers.maps import workbook

Sheets = dict[str, list[list[object]]]
NODES: list[list[object]] = [
    ["Label", "Type"],
    ["Leeds Council", "Council"],
    ["Mind", "Charity"],
    ["City Hospital", "NHS"],
]
EDGES: list[list[object]] = [["From", "To"], ["Leeds Council", "Mind"], ["Mind", "City Hospital"]]
TWO = {("Leeds Council", "Mind"), ("City Hospital", "Mind")}
THREE = "Leeds Council,Mind,City Hospital"
SQUARE = ["0,1,0", "1,0,1", "0,1,0"]


def rows(text: str) -> list[list[object]]:
    return [list(line.split(",")) for line in text.splitlines()]


def read(*files: str | Sheets, **choices: Any) -> Imported:
    uploads = [
        Upload(f"f{k}.csv", one.encode()) if isinstance(one, str) else Upload(f"f{k}.xlsx", workbook(**one))
        for k, one in enumerate(files)
    ]
    return import_map(uploads, choices_of(**choices))


def ties(imported: Imported) -> set[tuple[str, str]]:
    names = {one.id: one.name for one in imported.organisations}
    return {(*sorted((names[tie.source], names[tie.target])),) for tie in imported.relationships}  # type: ignore[misc]


def names(imported: Imported) -> set[str]:
    return {one.name for one in imported.organisations}


def questions(*files: str | Sheets, **choices: Any) -> list[Question]:
    with pytest.raises(ProblemError) as caught:
        read(*files, **choices)
    return [one for one in caught.value.problems if isinstance(one, Question)]


@pytest.mark.parametrize(
    "text",
    [
        "Charity name,Postcode\nMind,LS1 1AA\nAge UK,LS1 1AA\n",
        "Organisation name,Ward,Telephone\nMind,North,0113 2345678\nAge UK,North,0113 2345679\n",
        "Postcode;Provider name;Address line 1;Address line 2\nLS1 1AA;Mind;1 Mill Lane;Northside\n"
        "LS1 2AA;Age UK;2 Mill Lane;Northside\n",
        "Agency,Email,Website\nMind,a@mind.example,mind.example\nAge UK,b@age.example,age.example\n",
        "Einrichtung;Straße;PLZ;Ort\nMind;Hauptstraße 3;12345;Berlin\nAge UK;Nebenweg 4;12346;Berlin\n",
        "Name,Type,valid_from,valid_to\nMind,Charity,2001-01-01,\nAge UK,Charity,1999-01-01,2030-12-31\n",
        "Stakeholder,active from,active to\nMind,01/02/2003,\nAge UK,1 May 2004,01/01/2030\n",
        "Name,From,To\nMind,2001,2010\nAge UK,1974,2030\n",
        "Organisation,Start date,End date\nMind,2001-01-01,2010-01-01\nAge UK,2002-01-01,\n",
        "Stakeholder,Influence,Position\nMind,High,Supporter\nAge UK,High,Supporter\n",
    ],
)
def test_a_list_of_organisations_is_never_a_list_of_ties(text: str) -> None:
    imported = read(text)
    assert names(imported) == {"Mind", "Age UK"}
    assert not imported.relationships
    assert any("no ties at all" in doubt for doubt in imported.doubts)


@pytest.mark.parametrize(
    "header",
    [
        "source_type,source,target_type,target", "from type,from,to type,to",
        "sourceType,sourceLabel,targetType,targetLabel", "From sector,From organisation,To sector,To organisation",
    ],
)  # fmt: skip
def test_the_types_of_ends_are_no_ends_and_give_the_types(header: str) -> None:
    text = f"{header}\nCouncil,Leeds Council,Charity,Mind\nCharity,Mind,NHS,City Hospital\n"
    imported = read(text)
    assert ties(imported) == TWO
    assert {one.name: one.role for one in imported.organisations} == {
        "Leeds Council": "Council", "Mind": "Charity", "City Hospital": "NHS",
    }  # fmt: skip


CODED = "Name,Code,Type\nLeeds Council,LC,Council\nMind,MI,Charity\nCity Hospital,CH,NHS\n"
BY_CODE = "LC,MI,CH"
IDS_FIRST = "Ref,Stakeholder,Sector\nLC,Leeds Council,Council\nMI,Mind,Charity\nCH,City Hospital,NHS\n"


@pytest.mark.parametrize(
    "files",
    [
        (CODED, f",{BY_CODE}\n" + "\n".join(f"{a},{b}" for a, b in zip(BY_CODE.split(","), SQUARE, strict=True))),
        (f";{BY_CODE}\n".replace(",", ";") + "LC;;x;\nMI;x;;x\nCH;;x;\n", CODED),
        (CODED.replace("Code", "Kurz"), f",{BY_CODE}\nLC,0,1,0\nMI,1,0,1\nCH,0,1,0\n"),
        (CODED.replace("LC", "1").replace("MI", "2").replace("CH", "3").replace("Code", "id"),
         ",1,2,3\n1,0,1,0\n2,1,0,1\n3,0,1,0\n"),
        (f"{THREE}\n" + "\n".join(SQUARE),),
        (f"Code,Name,{BY_CODE}\nLC,Leeds Council,0,1,0\nMI,Mind,1,0,1\nCH,City Hospital,0,1,0\n",),
        (f"Name,Type,{THREE}\nLeeds Council,Council,0,1,0\nMind,Charity,1,0,1\nCity Hospital,NHS,0,1,0\n",),
        (f",{THREE},Total\nLeeds Council,0,1,0,1\nMind,1,0,1,2\nCity Hospital,0,1,0,1\nTotal,1,2,1,4\n",),
        ({"Ties": [["", *BY_CODE.split(",")], ["LC", 0, 1, 0], ["MI", 1, 0, 1], ["CH", 0, 1, 0]], "Who": rows(CODED)},),
        (CODED.replace("Code", "id"), "\n".join([BY_CODE, *SQUARE])),
        (IDS_FIRST, "\n".join([BY_CODE, *SQUARE])),
        (IDS_FIRST, f",{BY_CODE}\nLC,0,1,0\nMI,1,0,1\nCH,0,1,0\n"),
        (f",{THREE}\nLeeds Council,0,1,0\nMind,1,0,1\nCity Hospital,0,1,0\n", f"Name\n{THREE.replace(',', chr(10))}\n"),
    ],
)  # fmt: skip
def test_a_matrix_names_what_a_list_or_its_own_columns_hold(files: tuple[str | Sheets, ...]) -> None:
    imported = read(*files)
    assert ties(imported) == TWO
    assert names(imported) == set(THREE.split(","))


def test_a_list_of_ties_without_headings_is_told_by_the_list_beside_it() -> None:
    imported = read(
        "Label,Type\nLeeds Council,Council\nMind,Charity\nCity Hospital,NHS\n", THREE[:18] + "\n" + THREE[14:]
    )
    assert ties(imported) == TWO
    assert read("First name,Last name,Organisation\nA,B,Mind\nC,D,Age UK\n").relationships == ()


def test_a_matrix_without_names_is_read_only_where_it_looks_like_one() -> None:
    asked = questions("Leeds Council,Mind,City Hospital\n1,1,0\n0,0,1\n1,1,0\n")
    assert "matrix" in [one.form for one in asked[0].answers]
    assert questions("Age,Score,Visits\n30,4,2\n20,3,1\n50,2,5\n")
    assert ties(read("Leeds Council,Mind,City Hospital\n1,1,0\n1,0,1\n0,1,0\n", form="matrix")) == TWO


@pytest.mark.parametrize("side", ["column", "row"])
def test_twins_on_a_side_of_a_matrix_are_refused_or_merged_as_chosen(side: str) -> None:
    grid: list[list[object]] = [
        ["", "A Ltd", "B Ltd", "B Ltd"], ["A Ltd", 0, 1, 0], ["B Ltd", 1, 0, 0], ["C Ltd", 0, 0, 1],
    ]  # fmt: skip
    if side == "row":
        grid = [list(cells) for cells in zip(*grid, strict=True)]
    text = "\n".join(",".join(str(cell) for cell in cells) for cells in grid)
    with pytest.raises(ProblemError, match=f"2 {side}s of the matrix"):
        read(text)
    assert names(read(text, merge_same_name=True)) == {"A Ltd", "B Ltd", "C Ltd"}


def test_what_a_matrix_names_beside_a_list_that_lacks_it_is_an_error() -> None:
    files = "Name\nLeeds Council\nMind\n", f",{THREE}\nLeeds Council,0,1,0\nMind,1,0,1\nCity Hospital,0,1,0\n"
    with pytest.raises(ProblemError, match="'City Hospital' is a name in the matrix"):
        read(*files)
    assert ties(read(*files, add_dangling=True)) == TWO
    assert ties(read(*files, drop_dangling=True)) == {("Leeds Council", "Mind")}


@pytest.mark.parametrize(
    ("header", "ids"),
    [("No", "1 2"), ("Ref", "A1 A2"), ("id", "1 2"), ("#", "1 2"), ("Position", "For Against"), ("Index", "High Low")],
)
def test_what_counts_rows_of_each_table_joins_nothing(header: str, ids: str) -> None:
    one, other = ids.split()
    tables = [f"{header},Organisation\n{one},{first}\n{other},{second}" for first, second in (("A", "B"), ("C", "D"))]
    both = read(*tables), read({"Statutory": rows(tables[0]), "Voluntary": rows(tables[1])})
    for imported in both:
        assert names(imported) == set("ABCD")


def test_ties_by_ids_that_several_tables_use_are_not_guessed() -> None:
    tables = ["id,Name\n1,A Ltd\n2,B Ltd\n", "id,Name\n1,C Ltd\n2,D Ltd\n", "From,To\n1,2\n"]
    with pytest.raises(ProblemError, match="'A Ltd', 'C Ltd'"):
        read(*tables)
    assert len(read(*tables[:2], "From,To\nA Ltd,D Ltd\n").relationships) == 1


@pytest.mark.parametrize(
    "sheets",
    [
        {"Read me": [["Project", "Leeds"], ["By", "A. Person"], ["Date", "1 May 2024"]], "N": NODES, "E": EDGES},
        {"E": EDGES, "N": NODES, "Codebook": [["Name", "Definition"], ["Council", "an authority"], ["NHS", "x"]]},
        {"Sheet1": [["Field", "Description"], ["Label", "its name"], ["Type", "its sort"]], "S2": NODES, "S3": EDGES},
        {"Nodes": NODES, "Key": [["Code", "Meaning"], ["F", "Funds"]], "Edges": EDGES},
        {"Intro": [["This map was made by a group of people in a room on a day in May: it shows who works with whom."]],
         "Nodes": NODES, "Edges": EDGES},
        {"Lists": [["Sector", "Ties"], ["Council", "Funds"], ["Charity", "Refers"]], "Nodes": NODES, "Edges": EDGES},
        {"Cover": [["Map of Leeds"], ["Version", 2], ["Contact", "a@b.example"]], "Nodes": NODES, "Edges": EDGES},
    ],
)  # fmt: skip
def test_sheets_about_the_others_are_left_out_and_said(sheets: Sheets) -> None:
    imported = read(sheets)
    assert ties(imported) == TWO
    assert len(imported.organisations) == 3
    assert any("left out" in note for note in imported.notes)


def test_a_sheet_that_may_be_part_of_the_map_is_asked_about_and_sheets_can_be_chosen() -> None:
    sheets: Sheets = {"Nodes": NODES, "Extra": [["Thing", "Stuff"], ["Shelter", "Flats"]], "Edges": EDGES}
    assert [one.table for one in questions(sheets)] == ["Extra"]
    assert len(read(sheets, sheets=["Nodes", "edges"]).organisations) == 3
    assert names(read(sheets, columns=["Extra: label=Thing"])) - names(read(sheets, form="Extra: none")) == {"Shelter"}
    with pytest.raises(ProblemError, match="did you mean 'Edges'"):
        read(sheets, sheets=["Edge"])


def test_networks_take_their_sheets_elements_along_and_stand_in_a_column_too() -> None:
    grids: Sheets = {
        name: [["", "A Ltd", other], ["A Ltd", 0, 1], [other, 1, 0]] for name, other in (("Money", "B"), ("Talk", "C"))
    }
    assert names(read(grids, networks=["Money"])) == {"A Ltd", "B"}
    assert names(read("From,To,Network\nA,B,money\nA,C,talk\n", networks=["Money"])) == {"A", "B"}


@pytest.mark.parametrize(
    "text",
    [
        'Timestamp,Your organisation,Who do you work with?\n2024-05-01 10:00,Leeds Council,Mind\n'
        '2024-05-01 11:00,Mind,"Leeds Council, City Hospital"\n',
        "ID;Start time;Organisation name;Partners\n1;5/1/24 9:00;Leeds Council;Mind;\n"
        '2;5/1/24 9:30;Mind;"City Hospital;Leeds Council;"\n',
        'From,To\nLeeds Council,Mind\nCity Hospital,"Mind, Leeds Council"\n',
        'From,To\nMind,"Leeds Council; City Hospital"\n',
        'Label\nLeeds Council\nMind\nCity Hospital\n|From,To\nMind,Leeds Council / City Hospital\n',
    ],
)  # fmt: skip
def test_several_names_in_a_cell_are_several_organisations(text: str) -> None:
    files = text.split("\n|")
    imported = read(*files)
    assert names(imported) == {"Leeds Council", "Mind", "City Hospital"}
    assert ties(imported) >= TWO - {("Leeds Council", "Mind")}


def test_commas_that_nothing_explains_are_asked_about() -> None:
    text = 'From,To\nLeeds Council,"Smith, Jones"\nMind,"Hill, Dale"\n'
    with pytest.raises(ProblemError, match="--split comma"):
        read(text)
    assert len(names(read(text, split="comma"))) == 6
    assert len(names(read(text, split="none"))) == 4


@pytest.mark.parametrize(
    "files",
    [
        ("Nazwa,Rodzaj\nUrzad,Wladza\nCaritas,NGO\n", "Skad,Dokad\nUrzad,Caritas\n"),
        ("Nom;Catégorie\nUrzad;Collectivité\nCaritas;Association\n", "Origine;Destination\nUrzad;Caritas\n"),
        ("Nombre,Tipo\nUrzad,Ayuntamiento\nCaritas,ONG\n", "Desde,Hasta\nUrzad,Caritas\n"),
        ("Enw,Math\nUrzad,Cyngor\nCaritas,Elusen\n", "O,I\nUrzad,Caritas\n"),
        ("Nome,Tipo\nUrzad,Comune\nCaritas,ONG\n", "Da,A\nUrzad,Caritas\n"),
        ("名称,类型\nUrzad,政府\nCaritas,慈善\n", "来源,目标\nUrzad,Caritas\n"),
    ],
)
def test_headings_of_other_languages(files: tuple[str, str]) -> None:
    for order in (files, files[::-1]):
        imported = read(*order)
        assert ties(imported) == {("Caritas", "Urzad")}
        assert len(imported.organisations) == 2


ORGANISATIONS = [
    {"id": "a", "name": "Leeds Council"},
    {"id": "b", "name": "Mind"},
    {"id": "c", "name": "City Hospital"},
]
LINKS = [{"source": "a", "target": "b"}, {"source": "b", "target": "c"}]
BARE = [{"name": one["name"]} for one in ORGANISATIONS]


@pytest.mark.parametrize(
    "data",
    [
        {"elements": [{"data": one} for one in (*ORGANISATIONS, *LINKS)]},
        [{"group": "nodes", "data": one} for one in ORGANISATIONS] + [{"group": "edges", "data": one} for one in LINKS],
        {"legend": [{"name": "red"}], "agencies": ORGANISATIONS, "flows": LINKS},
        {"meta": {"by": "x"}, "network": {"members": ORGANISATIONS, "ties": LINKS}},
        {"nodes": {one["id"]: {"label": one["name"]} for one in ORGANISATIONS}, "edges": LINKS},
        {"nodes": BARE, "links": [{"source": 0, "target": 1}, {"source": 1, "target": 2}]},
        {"nodes": BARE, "links": [{"source": 1, "target": 2}, {"source": 2, "target": 3}]},
        {"nodes": [one["name"] for one in ORGANISATIONS], "links": [[0, 1], [1, 2]]},
        {"nodes": [{"id": one["name"]} for one in BARE], "links": [{"from": "0", "to": "1"}, {"from": 1, "to": 2}]},
    ],
)  # fmt: skip
def test_json_of_other_shapes(data: Any) -> None:
    imported = read(json.dumps(data))
    assert ties(imported) == TWO
    assert len(imported.organisations) == 3


def test_positions_that_may_count_from_0_or_1_are_asked_about() -> None:
    text = json.dumps({"nodes": BARE, "links": [{"source": 1, "target": 2}]})
    with pytest.raises(ProblemError, match="they may count the rows"):
        read(text)
    assert ties(read(text, columns=["id=position from 1"])) == {("Leeds Council", "Mind")}
    files = "Name\nLeeds Council\nMind\nCity Hospital\n", "From,To\n0,1\n1,2\n"
    assert ties(read(*files)) == TWO


@pytest.mark.parametrize(
    "text",
    [
        "SUID,interaction,name,shared name\n9,funds,{0} (funds) {1},{0} (funds) {1}\n8,refers,{1} (refers) {2},x\n",
        "shared name,shared interaction\n{0} (a b) {1},a b\n{1} (a b) {2},a b\n",
        "shared name,weight\n{0} (pp) {1},2\n{1} (pp) {2},1\n",
    ],
)
def test_tables_of_ties_as_cytoscape_writes_them(text: str) -> None:
    assert ties(read(text.format("Leeds Council", "Mind", "City Hospital"))) == TWO


@pytest.mark.parametrize(
    ("files", "doubt"),
    [
        (("Label\nMind\nAge UK\n",), "no ties at all"),
        (("From,To\n12,13\n13,14\n",), "look like numbers: 3 of 3"),
        (("Label,Type\n2024-01-02,Charity\nMind,Charity\n",), "an error or a day"),
        (("From,To\na@b.example,Mind\nMind,1 Mill Lane\n",), "look like addresses, postcodes or e-mails: 2"),
        (("From,To\nZebra,Giraffe\n",), "over half of the kinds are assumed: 2 of 2"),
        ((",A Ltd,B Ltd\nA Ltd,0,1\nB Ltd,NA,NA\n",), "rows that hold NA alone: 1 ('B Ltd')"),
        (("From,To,Weight\nA Ltd,B Ltd,1\nA Ltd,C Ltd,NA\n",), "weight is NA"),
        (("id,Label\n1,Mind\n2,\n", "From,To\n1,2\n"), "named by their id: 1 ('2')"),
        (("Label\nMind\nMind\n",), ""),
        (("Label,Type\nMind,Charity\nMind,Church\n",), "several elements with one name"),
    ],
)
def test_what_may_well_be_wrong_is_said_first_and_by_place_check_again(
    files: tuple[str, ...], doubt: str, tmp_path: Any
) -> None:
    imported = read(*files)
    assert any(doubt in one for one in imported.doubts)
    assert all(note.startswith(one) for note, one in zip(imported.notes, imported.doubts, strict=False))
    write_place(place_files(imported, title="X"), tmp_path / "x")
    notes: list[str] = []
    assert not check_place(tmp_path / "x", notes=notes)
    assert [one for one, note in zip(imported.doubts, notes, strict=False) if one in note] == list(imported.doubts)


OPTION = re.compile(r"--[a-z][a-z-]*(?: (?:(?:\"[^\"]*\"|'[^']*')+|comma|none))?")
NAMES = {
    "--columns": "columns", "--kind": "kinds", "--form": "form", "--split": "split", "--sheet": "sheets",
    "--drop-dangling": "drop_dangling", "--add-dangling": "add_dangling", "--merge-same-name": "merge_same_name",
}  # fmt: skip
LISTS = {"columns", "kinds", "form", "sheets"}
DEAD_ENDS: dict[str, tuple[str | Sheets, ...]] = {
    "a duplicate id": ("id,name\nr1,A Ltd\nr1,B Ltd\nh1,C Ltd\n", "from,to\nr1,h1\n"),
    "a duplicate name": ("name,type\nMind,Charity\nMind,Church\nAge UK,Charity\n", "from,to\nMind,Age UK\n"),
    "blank ends and names to add": ("Label\nMind\nAge UK\n", "From,To\nMind,Age UK\nMind,New\nAge UK,\n"),
    "a wrong end": ("Label\nMind\nAge UK\n", "From,To\nMind,Age UKK\n"),
    "twins in a matrix": (",A Ltd,B Ltd,B Ltd\nA Ltd,0,1,1\nB Ltd,1,0,0\n",),
    "no type": ("Label,Type\nZebra,\nGiraffe,\n",),
    "people alone": ("Label,Type\nJane,Person\nJoe,Person\n",),
    "people left out": ("Label,Type\nJane,Person\nMind,Charity\n",),
    "headings that say nothing": ("Who we are,Where\nMind,North\nAge UK,South\n",),
    "headings with signs": ('"Who, ""we"" are",What\'s it\nMind,North\nAge UK,South\n',),
    "no headings": ("Mind,North\nAge UK,South\n12,13\n",),
    "two open tables": ("Who we are,Where\nMind,North\nAge UK,South\n", "This,That\nShelter,Flat\nCrisis,Hat\n"),
    "numbers alone": ("Leeds Council,Mind,City Hospital\n1,1,0\n0,0,1\n1,1,0\n",),
    "an open sheet": ({"Nodes": NODES, "Extra, 2": [["Thing", "Stuff"], ["Shelter", "Flats"]], "Edges": EDGES},),
    "sheets left out": ({"Read me": [["By", "A. Person"], ["Date", "1 May 2024"]], "Nodes": NODES, "Edges": EDGES},),
    "commas": ('From,To\nMind,"Smith, Jones"\n',),
    "a few commas": ('From,To\nA,"Smith, Jones"\nA,B\nA,C\nA,D\n',),
    "positions": (json.dumps({"nodes": BARE, "links": [{"source": 1, "target": 2}]}),),
    "a name missing in a list": ("Name\nA Ltd\nB Ltd\n", ",A Ltd,C Ltd\nA Ltd,0,1\nC Ltd,1,0\n"),
}


def hints(error: ProblemError | None, notes: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(OPTION.findall("\n".join(notes) if error is None else str(error))))


def outcome(*files: str | Sheets, **choices: Any) -> tuple[ProblemError | None, tuple[str, ...]]:
    try:
        return None, read(*files, **choices).notes
    except ProblemError as error:
        return error, ()


@pytest.mark.parametrize("case", DEAD_ENDS)
def test_every_hint_that_is_printed_works_when_typed(case: str) -> None:
    files = DEAD_ENDS[case]
    first, notes = outcome(*files)
    asked = first is not None and isinstance(first.problems[0], Question)
    found = hints(first, notes)
    assert found
    for hint in found:
        words = shlex.split(hint)
        name = NAMES[words[0]]
        value: Any = words[1] if len(words) > 1 else True
        error, told = outcome(*files, **{name: [value] if name in LISTS else value})
        assert hint not in hints(error, told), (hint, str(error))
        assert error is None or asked, (hint, str(error))  # a table may be read, and not be what it was said to be
