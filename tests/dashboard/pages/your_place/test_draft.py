"""A place of a visitor's own: read, told what is wrong with, changed, written, kept."""

import csv
import io
import json
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.pages.your_place import shelf
from dashboard.pages.your_place.actions import on_page
from dashboard.pages.your_place.arrival import GUESSED, OPEN, Arrived, Asked, Source, arrive, pasted
from dashboard.pages.your_place.draft import (
    COLUMNS,
    MOST_ORGANISATIONS,
    MOST_STEPS,
    MOST_UPLOADED,
    TABLES,
    USUAL,
    Draft,
    Row,
    Table,
    UnreadableError,
    from_json,
    tidy,
    to_json,
)
from dashboard.pages.your_place.faults import check
from dashboard.pages.your_place.files import archive_of, csv_of, files_of
from dashboard.pages.your_place.report import doubts_of
from dashboard.pages.your_place.shelf import Desk, NoRoomError
from dashboard.pages.your_place.start import copy_of, empty, example, ready_places
from simulation.importers import Upload
from simulation.importers.elements import NO_TYPE
from simulation.run import simulate
from simulation.scenario import ProblemError, check_place, load_place, load_scenario
from tests.simulation.importers.maps import kumu, workbook

ORGANISATIONS = """id,name,kind,size,practice
council,Council,council,6,
foodbank,Foodbank,comunity,0.3,0.2
age-uk,Age UK,voluntary,big,
age-uk,Age Concern,voluntary,1,1.2
"""
RELATIONSHIPS = "from,to,strength\ncouncil,foodbank,0.4\ncouncil,age-ukk,7\nage-uk,age-uk,\n"


def upload(*files: tuple[str, str | bytes]) -> Arrived:
    return arrive([Upload(name, text.encode() if isinstance(text, str) else text) for name, text in files])


def faulty() -> Draft:
    return upload(("a.csv", ORGANISATIONS), ("b.csv", RELATIONSHIPS)).draft


def unpack(content: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
        return folder / archive.namelist()[0].partition("/")[0]


def test_what_is_wrong_is_said_as_the_command_says_it(tmp_path: Path) -> None:
    draft = faulty()
    folder = unpack(archive_of(draft), tmp_path)
    said = [str(problem).replace(f"{folder}/", "") for problem in check_place(folder)]
    assert [fault.words for fault in check(draft).faults] == said
    assert len(said) == 7
    assert said[1].startswith(
        "organisations.csv, line 3, column kind: 'comunity' is not a kind of organisation; allowed: "
    )
    assert said[1].endswith("voluntary, community, business; did you mean 'community'?")


def test_each_fault_stands_beside_its_cell() -> None:
    cells = {(fault.table, fault.key, fault.column): fault.nearest for fault in check(faulty()).faults}
    assert cells == {
        ("organisations", 1, "kind"): "community", ("organisations", 2, "size"): "",
        ("organisations", 3, "id"): "", ("organisations", 3, "practice"): "", ("relationships", 1, "to"): "age-uk",
        ("relationships", 2, "to"): "", ("relationships", 1, "strength"): "",
    }  # fmt: skip


def test_a_mended_place_can_be_explored() -> None:
    draft = faulty()
    organisations = draft.organisations.with_cell(1, "kind", "community").with_cell(2, "size", "2").without_row(3)
    relationships = draft.relationships.with_cell(1, "to", "age-uk").with_cell(1, "strength", "0.7").without_row(2)
    mended = replace(draft, organisations=organisations, relationships=relationships)
    place = check(mended).place
    assert place is not None
    assert [one.id for one in place.organisations] == ["council", "foodbank", "age-uk"]
    assert place.council == "council"
    added = organisations.with_row()
    assert [row.key for row in added.rows] == [0, 1, 2, 3]
    assert [fault.key for fault in check(replace(mended, organisations=added)).faults] == []  # a blank row is skipped


@pytest.mark.parametrize("name", [*ready_places(), "example"])
def test_a_downloaded_folder_runs_to_the_same_bits(name: str, tmp_path: Path) -> None:
    draft = example() if name == "example" else copy_of(name)
    found = check(draft)
    folder = unpack(archive_of(draft), tmp_path)
    assert check_place(folder) == []
    there = load_place(folder)
    assert found.place is not None
    assert f"sha-{there.content_hash()}" == found.name
    base = load_scenario("gateshead")
    here, there_run = (
        simulate(base.changed(place=place, events=(), name=""), 1_000_000) for place in (found.place, there)
    )
    assert here.record.series.tobytes() == there_run.record.series.tobytes()
    again = arrive([Upload("x.zip", archive_of(draft))]).draft
    assert check(again).name == found.name


def test_a_copy_keeps_the_ready_places_sources_and_says_so() -> None:
    draft = copy_of("gateshead")
    text = files_of(draft)["place.toml"]
    assert "# Gateshead, as kinds of organisation" in text
    assert text.startswith("# Illustrative, not predictive")
    assert "copied from the ready place Gateshead" in text
    assert "[[facts]]" in text
    place, ready = check(draft).place, load_place("gateshead")
    assert place is not None
    assert (place.facts, place.budget, place.organisations) == (ready.facts, ready.budget, ready.organisations)


def test_a_map_is_imported_and_what_it_had_to_assume_travels_with_the_folder() -> None:
    book = workbook(
        Elements=[["Label", "Type"], ["Age UK", "Charity"], ["Council", "Council"], ["Sam", "Person"]],
        Connections=[["From", "To"], ["Age UK", "Council"], ["Sam", "Council"]],
    )
    for found in (upload(("our_town.xlsx", book)), upload(("map.json", kumu()))):
        assert found.is_map
        assert check(found.draft).faults == ()
        text = " ".join(files_of(found.draft)["place.toml"].replace("\n#  ", "").split())
        assert all(" ".join(note.split()) in text for note in found.draft.notes)
    assert upload(("our_town.xlsx", book)).draft.title == "Our town"
    drop = Asked(kinds={"Person": "community"}).choices()
    assert len(arrive([Upload("m.xlsx", book)], drop).draft.organisations.rows) == 3


def test_columns_of_other_names_are_read_as_the_nearest_or_left_out_and_said() -> None:
    draft = upload(("o.csv", "Id;KIND;practise;postcode\na;health;0.1;N1\n"), ("r.csv", "from,to\n")).draft
    assert draft.organisations.column("practice") == ["0.1"]
    assert "o.csv: column 'practise' was read as 'practice'" in draft.notes
    assert "o.csv: column 'postcode' is none that a place has: left out" in draft.notes


def test_pasted_tables_join_the_other_that_is_in_hand() -> None:
    first = pasted({"organisations": "id\tkind\na\thealth\nb\thousing\n", "relationships": " "}).draft
    assert check(first).faults == ()
    both = pasted({"organisations": "", "relationships": "from,to\na,b\n"}, held=first).draft
    assert both.organisations == first.organisations
    assert both.relationships.column("to") == ["b"]
    with pytest.raises(ProblemError, match="nothing was pasted"):
        pasted({"organisations": "", "relationships": "\n"})


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([("a.csv", b"x" * (MOST_UPLOADED + 1))], "too large for this page"),
        ([("a.pdf", b"%PDF-1.4 x")], "PDF"),
        ([("a.csv", b"")], "empty"),
        ([("a.zip", b"PK\x03\x04nonsense")], "can't be read"),
        ([("place.toml", b"title = \n"), ("o.csv", ORGANISATIONS.encode())], "not TOML"),
        ([("a.csv", b'id,kind\n"a,b\n')], "quotation mark"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(files: list[tuple[str, bytes]], words: str) -> None:
    with pytest.raises(ProblemError, match=words):
        upload(*files)


def test_archives_made_to_overwhelm_are_refused_before_they_are_unpacked() -> None:
    for name in ("xl/workbook.xml", "organisations.csv"):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, b"0" * 30_000_000)
        assert len(stream.getvalue()) < 100_000
        with pytest.raises(ProblemError, match="holds too much"):
            upload(("bomb.xlsx", stream.getvalue()))


def test_no_name_of_a_file_is_a_path(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("../../../etc/organisations.csv", "id,kind\na,health\n")
        archive.writestr("/tmp/evil.sh", "rm")
    draft = upload(("../../x.zip", stream.getvalue())).draft
    assert draft.organisations.column("id") == ["a"]
    named = draft.with_header(title="../../etc/passwd")
    with zipfile.ZipFile(io.BytesIO(archive_of(named))) as archive:
        assert {name.partition("/")[0] for name in archive.namelist()} == {"etc-passwd"}


def test_no_cell_of_a_download_is_a_formula() -> None:
    text = 'id,kind,name,size\n=cmd|x,health,"=HYPERLINK(""http://x"")",=1+1\n+b,housing,@SUM(A1),-x\n'
    draft = upload(("o.csv", text), ("r.csv", "from,to\n=cmd|x,+b\n")).draft
    draft = draft.with_table("organisations", draft.organisations.with_cell(0, "role", "=1+1"))
    written = {name: csv_of(draft.table(name)) for name in TABLES}
    cells = [cell for text in written.values() for row in csv.reader(text.splitlines()) for cell in row]
    assert [cell for cell in cells if cell[:1] in ("=", "+", "@", "-")] == []
    again = upload(*((f"{name}.csv", text) for name, text in written.items())).draft
    for name in TABLES:  # nothing is lost on screen
        assert [row.cells for row in again.table(name).rows] == [row.cells for row in draft.table(name).rows]
    assert again.organisations.column("name") == ['=HYPERLINK("http://x")', "@SUM(A1)"]
    assert again.relationships.column("from") == ["=cmd|x"]


def test_a_place_toml_that_is_wrong_is_said_by_key() -> None:
    toml = 'title = "A"\ndays = -3\nnonsense = 2020-01-01\n'
    draft = upload(("place.toml", toml), ("o.csv", "id,kind\na,health\n")).draft
    assert {fault.header for fault in check(draft).faults} == {"days", "nonsense"}
    assert check(draft.with_header(days=None, nonsense=None)).faults == ()


def test_too_many_rows_are_said_and_kept_so_that_some_can_be_taken_away() -> None:
    rows = "".join(f"o{k},health\n" for k in range(MOST_ORGANISATIONS + 1))
    draft = upload(("o.csv", f"id,kind\n{rows}")).draft
    assert "more than this page takes" in check(draft).faults[0].words
    assert check(draft.with_table("organisations", draft.organisations.without_row(0))).faults == ()
    assert from_json(to_json(draft)).organisations == draft.organisations


cells = st.text(max_size=12) | st.sampled_from(["council", "health", "0.5", "1e9", "-", "=1", '"', ",", "\n", "#"])


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    tables = {}
    for name in TABLES:
        columns = draw(st.sampled_from([USUAL[name], COLUMNS[name]]))
        rows = draw(st.lists(st.tuples(*[cells] * len(columns)), max_size=4))
        tidied = [tuple(map(tidy, row)) for row in rows]
        tables[name] = Table(columns, tuple(Row(key, row) for key, row in enumerate(tidied)))
    header = draw(
        st.dictionaries(st.sampled_from(["title", "days", "council", "x"]), cells | st.integers(), max_size=3)
    )
    lines = draw(st.lists(cells, max_size=3))
    return Draft(tables["organisations"], tables["relationships"], header, tuple(lines), tuple(lines))


@given(drafts())
@settings(max_examples=60, deadline=None)
def test_whatever_stands_in_the_cells_is_checked_kept_and_written(draft: Draft) -> None:
    found = check(draft)
    assert (found.place is None) == bool(found.faults)
    kept = from_json(to_json(draft))
    assert kept == draft
    assert check(kept).name == found.name
    files = files_of(draft)
    assert all(line.startswith("#") or not line for line in files["place.toml"].split("\ntitle")[0].split("\n")[:1])
    if found.place is not None:
        assert check(arrive([Upload("x.zip", archive_of(draft))]).draft).name == found.name


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.text(max_size=30) | json_values.map(json.dumps), st.sampled_from(["header", "head", "organisations", "family"])
)
@settings(max_examples=60, deadline=None)
def test_whatever_a_browser_hands_over_is_read_or_refused(text: str, part: str) -> None:
    for given_text in (text, None, 3, _with_part(part, text)):
        try:
            draft = from_json(given_text)
        except UnreadableError:
            continue
        check(draft)


def _with_part(part: str, text: str) -> str:
    content = json.loads(to_json(example()))
    try:
        content[part] = json.loads(text)
    except ValueError:
        content[part] = text
    return json.dumps(content)


def test_what_a_browser_hands_over_has_to_be_what_its_key_says() -> None:
    places: dict[str, Any] = {}
    desk = Desk()
    name = check(example()).name
    desk.handed_over(name, to_json(copy_of("gateshead")), places)
    assert places == {}
    desk.handed_over(name, to_json(example()), places)
    assert list(places) == [name]
    assert desk.draft is None
    desk.adopt(name)
    assert desk.checked.name == name


def test_changes_are_taken_back_and_forgetting_leaves_nothing() -> None:
    places: dict[str, Any] = {}
    desk = Desk()
    desk.take(example())
    first = desk.checked.name
    desk.explore(places)
    for number in range(MOST_STEPS + 3):
        assert desk.draft is not None
        desk.take(desk.draft.with_header(title=f"Title {number}"))
    assert len(desk.before) == MOST_STEPS
    desk.take_back()
    assert desk.draft is not None
    assert desk.draft.title == f"Title {MOST_STEPS + 1}"
    desk.explore(places)
    assert len(places) == 2
    family = desk.draft.family
    desk.forget_all(places)
    assert not any((desk.draft, places, desk.text, desk.before, desk.explored))
    assert desk.forget["family"] == family
    assert first not in places


def test_a_full_server_says_so_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, other = Desk(), Desk()
    other.take(copy_of("barking-and-dagenham"))
    desk.take(example())
    before = desk.draft
    monkeypatch.setattr(shelf, "MOST_IN_MEMORY", shelf.in_memory() + 100)
    with pytest.raises(NoRoomError, match="full"):
        desk.take(copy_of("gateshead"))
    assert desk.draft is before
    del other
    desk.take(copy_of("gateshead"))  # there is room once the other has gone


def test_a_full_server_is_no_crash_where_an_explored_place_is_taken_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    desk.explored["sha-x"] = example()
    monkeypatch.setattr(shelf, "MOST_IN_MEMORY", 1)
    desk.adopt("sha-x")
    assert desk.draft is None
    assert "full" in desk.refused[0]
    with pytest.raises(NoRoomError, match="full"):
        desk.hold(Source((Upload("map.csv", b"From,To"),)))
    assert desk.source is None


def test_a_type_taken_for_several_kinds_is_one_choice_and_can_be_guessed_again() -> None:
    files = (Upload("e.csv", b"Label,Type\nTown Police,Public body\nCity Hospital,Public body\nAge UK,\n"),
             Upload("c.csv", b"From,To\nTown Police,City Hospital\n"))  # fmt: skip
    source = Source(files, guesses=arrive(files).guesses)
    assert {name: sorted(one.kind for one in found) for name, found in source.types().items()} == {
        "Public body": ["health", "police"], NO_TYPE: ["voluntary"],
    }  # fmt: skip
    chosen = source.with_kind("Public body", "housing").with_kind(NO_TYPE, "community")
    kinds = arrive(files, chosen.asked.choices()).draft.organisations.column("kind")
    assert kinds == ["housing", "housing", "community"]
    assert chosen.with_kind("Public body", GUESSED).with_kind(NO_TYPE, GUESSED).asked.kinds == {}


def test_a_map_of_several_networks_is_read_one_by_one() -> None:
    book = workbook(Money=[["From", "To"], ["a", "b"], ["a", "c"]], Talk=[["From", "To"], ["b", "c"]])
    files = (Upload("map.xlsx", book),)
    for named, count in (("", 3), ("Talk", 1), ("Talk; Money", 3)):
        assert len(arrive(files, Asked(networks=named).choices()).draft.relationships.rows) == count
    with pytest.raises(ProblemError, match="did you mean 'Talk'"):
        arrive(files, Asked(networks="Tlk").choices())


def test_what_an_import_says_names_the_pages_controls() -> None:
    files = (Upload("e.csv", b"Label,Type\nAge UK,Charity\nSam,Person\n"),
             Upload("c.csv", b"From,To,Weight\nAge UK,Sam,3\nSam,Age UK,2\n"))  # fmt: skip
    notes = [on_page(note) for note in arrive(files).draft.notes]
    assert any("“Which types are organisations” takes them in" in note for note in notes)
    assert not any("--" in note for note in notes)
    with pytest.raises(ProblemError) as refused:
        arrive([*files, Upload("d.csv", b"From,To\nAge UK,Nobody\n")])
    words = on_page(str(refused.value))
    assert "“A tie to what is no element” leaves such ties out, or adds the elements" in words
    assert "--" not in words


def test_what_a_table_is_can_be_answered_and_what_is_not_sure_is_kept_until_settled() -> None:
    files = (Upload("who.csv", b"Who we are,Where\nMind,North\nAge UK,South\n"),
             Upload("ties.csv", b"This,That\nMind,Shelter\n"))  # fmt: skip
    source = Source(files)
    with pytest.raises(ProblemError) as refused:
        arrive(files)
    source = source.asking(refused.value.problems)
    assert [one.table for one in source.questions] == ["who.csv", "ties.csv"]
    for question, words in zip(source.questions, ("named by 'Who we are'", "left out"), strict=True):
        chosen = next(at for at, one in enumerate(question.answers) if words in one.words)
        source = source.with_answer(question, str(chosen))
    draft = arrive(files, source.asked.choices()).draft
    assert draft.organisations.column("name") == ["Mind", "Age UK"]
    assert [one.table for one in source.asking(()).questions] == ["who.csv", "ties.csv"]  # to be answered otherwise
    assert source.with_answer(source.questions[0], OPEN).asked.tables.keys() == {"ties.csv"}
    doubts = doubts_of(draft)
    assert any("no ties at all" in one for one in doubts)
    assert not any("--" in on_page(one) for one in (*doubts, *draft.notes))
    again = arrive([Upload("x.zip", archive_of(draft))]).draft
    assert doubts_of(again) == doubts
    assert doubts_of(again.with_header(doubts=None)) == []


def test_empty_tables_ask_for_what_is_needed() -> None:
    words = [fault.words for fault in check(empty()).faults]
    assert words == ["organisations.csv: the table has no organisations; allowed: a row an organisation"]


def test_an_uploaded_place_toml_that_nests_too_deeply_is_refused_at_once() -> None:
    began = time.perf_counter()
    with pytest.raises(ProblemError, match="nested too deeply"):
        arrive([Upload("place.toml", f"{'a.' * 20_000}b = 1\n".encode())])
    assert time.perf_counter() - began < 3
