"""Each fault of a table gives one clear error: file, line or key, value, what is allowed, nearest name."""

import pytest

from simulation.scenario import ProblemError, check_place, load_place

# file, what is replaced, by what, then what the message must hold
ORGANISATION_FAULTS = {
    "misspelt kind": (",health,", ",helth,", ["line 3", "column kind", "'helth'", "council, social-care", "'health'?"]),
    "duplicate id": ("foodbank,F", "trust,F", ["line 4", "column id", "'trust'", "line 3", "once"]),
    "blank id": ("foodbank,F", ",F", ["line 4", "column id", "without an id"]),
    "blank kind": (",health,", ",,", ["line 3", "column kind", "blank", "council, social-care"]),
    "not a number": (",3,", ",big,", ["line 3", "column size", "'big'", "not a number", "above 0"]),
    "size of zero": (",3,", ",0,", ["line 3", "column size", "'0'", "out of range", "above 0"]),
    "decimal comma": (",0.1\n", ',"0,1"\n', ["line 3", "column practice", "'0,1'", "decimal comma: write 0.1"]),
    "percent sign": (",0.1\n", ",10%\n", ["line 3", "column practice", "'10%'", "percent sign", "scale"]),
    "out of range": (",0.1\n", ",1.5\n", ["line 3", "column practice", "'1.5'", "out of range", "0 to 1"]),
    "negative": (",0.1\n", ",-0.1\n", ["line 3", "column practice", "'-0.1'", "0 to 1"]),
    "infinite": (",0.1\n", ",1e999\n", ["line 3", "column practice", "'1e999'", "too large"]),
    "not a finite number": (",0.1\n", ",nan\n", ["line 3", "column practice", "'nan'", "not a number"]),
    "underscore": (",0.1\n", ",0_1\n", ["line 3", "column practice", "'0_1'", "not a number"]),
    "missing column": (",kind", ",type", ["line 1", "'kind'", "missing", "id, kind"]),
    "extra column": (
        "practice\n",
        "practice,colour\n",
        ["line 1", "'colour'", "not a known column", "budget_exposure"],
    ),
    "misspelt column": (",practice", ",practise", ["line 1", "'practise'", "'practice'?"]),
    "column twice": (",role,", ",name,", ["line 1", "'name'", "twice"]),
    "too many cells": (",0.1\n", ",0.1,7\n", ["line 3", "'7'", "without a column", "6 cells"]),
    "open quotation": (",Foodbank", ',"Foodbank', ["line 4", "quotation"]),
    "text after quotation": (",Foodbank", ',"Food"bank', ["line 4", "quotation"]),
    "too long a name": (",Foodbank", "," + "x" * 300, ["line 4", "column name", "too long", "up to 200"]),
    "zero byte": (",Foodbank", ",Food\0bank", ["line 4", "zero byte"]),
}
RELATIONSHIP_FAULTS = {
    "nobody there": ("trust,foodbank", "trust,foodbnk", ["line 3", "column to", "'foodbnk'", "council", "'foodbank'?"]),
    "nobody at the start": ("trust,foodbank", "trst,foodbank", ["line 3", "column from", "'trst'", "'trust'?"]),
    "tied to itself": ("trust,foodbank", "trust,trust", ["line 3", "'trust'", "itself", "two different"]),
    "twice": ("trust,foodbank", "council,trust", ["line 3", "'council - trust'", "line 2", "either direction"]),
    "twice, turned round": ("trust,foodbank", "trust,council", ["line 3", "'trust - council'", "line 2"]),
    "blank end": ("trust,foodbank", "trust,", ["line 3", "column to", "blank end"]),
    "strength out of range": ("0.5,,", "5,,", ["line 2", "column strength", "'5'", "0 to 1", "place.toml", "0-1"]),
    "trust not a number": ("0.35", "high", ["line 3", "column trust", "'high'", "not a number", "0 to 1"]),
    "missing column": ("from,to", "from,with", ["line 1", "'to'", "missing", "from, to"]),
    "extra column": (",kind\n", ",kind,weight\n", ["line 1", "'weight'", "not a known column", "strength"]),
}
FILE_FAULTS = {
    "missing": (None, ["is missing"]),
    "empty": (b"", ["empty"]),
    "only blanks": (b" \r\n\t\n", ["empty"]),
    "only a separator of old": (b"\x1c\n", ["empty"]),
    "only a byte-order mark": (b"\xef\xbb\xbf", ["empty"]),
    "Windows-1252": (
        "id,name,kind\na,Café,council\n".encode("cp1252"),
        ["line 2", "0xE9", "'é'", "Windows-1252", "UTF-8"],
    ),
    "UTF-16": ("id,kind\na,council\n".encode("utf-16"), ["UTF-16", "UTF-8"]),
    "no organisations": (b"id,kind\n", ["no organisations"]),
}


def problem_text(folder, name):
    problems = check_place(folder.path)
    assert problems, "no problem was found"
    with pytest.raises(ProblemError) as caught:
        load_place(folder.path)
    assert str(folder.path / name) in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(("old", "new", "said"), ORGANISATION_FAULTS.values(), ids=ORGANISATION_FAULTS)
def test_a_fault_among_organisations_is_named(folder, old, new, said):
    folder.replace("organisations.csv", old, new)
    text = problem_text(folder, "organisations.csv")
    assert [part for part in said if part not in text] == [], text


@pytest.mark.parametrize(("old", "new", "said"), RELATIONSHIP_FAULTS.values(), ids=RELATIONSHIP_FAULTS)
def test_a_fault_among_relationships_is_named(folder, old, new, said):
    folder.replace("relationships.csv", old, new)
    text = problem_text(folder, "relationships.csv")
    assert [part for part in said if part not in text] == [], text


@pytest.mark.parametrize(("content", "said"), FILE_FAULTS.values(), ids=FILE_FAULTS)
def test_a_file_that_cannot_be_read_is_named(folder, content, said):
    if content is None:
        (folder.path / "organisations.csv").unlink()
    else:
        folder.write("organisations.csv", content)
    text = problem_text(folder, "organisations.csv")
    assert [part for part in said if part not in text] == [], text


def test_a_fault_is_reported_once(folder):
    folder.replace("organisations.csv", ",health,", ",helth,")
    assert len(check_place(folder.path)) == 1


def test_all_faults_of_a_folder_come_together(folder):
    folder.replace("place.toml", "days = 3", 'days = "three"\ncolour = "red"')
    folder.replace("organisations.csv", ",health,", ",helth,")
    folder.replace("organisations.csv", ",0.2\n", ",x\n")
    folder.replace("relationships.csv", "trust,foodbank", "trust,nobody")
    problems = check_place(folder.path)
    assert len(problems) == 5
    assert {problem.file.rsplit("/", 1)[-1] for problem in problems} == {
        "place.toml",
        "organisations.csv",
        "relationships.csv",
    }


def test_an_organisation_with_another_fault_still_counts_as_there(folder):
    folder.replace("organisations.csv", "foodbank,Foodbank,community", "foodbank,Foodbank,comunity")
    assert len(check_place(folder.path)) == 1


def test_practice_is_one_number_or_nine(folder):
    nine = "interconnected_whole,resourcefulness,shared_vision,shared_power,devolved_decisions,mutual_accountability"
    nine += ",trusting_dialogue,collaborative_leadership,collective_learning"
    folder.write("organisations.csv", f"id,kind,{nine}\na,council,.1,.2,.3,.4,.5,.6,.7,.8,.9\nb,health,,,,,,,,,\n")
    folder.write("relationships.csv", "from,to\na,b\n")
    folder.replace("place.toml", 'council = "council"', 'council = "a"')
    place = load_place(folder.path)
    assert place.organisations[0].practice == (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
    assert place.organisations[1].practice is None
    folder.write("organisations.csv", f"id,kind,{nine}\na,council,.1,,.3,.4,.5,.6,.7,.8,.9\nb,health,,,,,,,,,\n")
    assert "resourcefulness" in problem_text(folder, "organisations.csv")
    folder.write(
        "organisations.csv", f"id,kind,practice,{nine}\na,council,.5,.1,.2,.3,.4,.5,.6,.7,.8,.9\nb,health,,,,,,,,,,\n"
    )
    assert "one number, or nine" in problem_text(folder, "organisations.csv")


def test_a_table_beyond_the_limit_is_refused(folder, monkeypatch):
    monkeypatch.setattr("simulation.scenario.tables.TABLE_LIMIT", 50)
    text = problem_text(folder, "organisations.csv")
    assert "larger than" in text
    assert "up to 50 bytes" in text


def test_an_organisation_that_is_missing_is_named_once(folder):
    folder.replace("organisations.csv", "trust,Mental", "trst,Mental")
    problems = check_place(folder.path)
    assert len(problems) == 1
    assert (problems[0].line, problems[0].value, problems[0].nearest) == (2, "trust", "trst")
    assert "named in 2 rows" in problems[0].message


def test_what_is_allowed_is_listed_once(folder):
    folder.replace("organisations.csv", ",health,", ",helth,")
    folder.replace("organisations.csv", ",community,", ",comunity,")
    text = problem_text(folder, "organisations.csv")
    assert text.count("social-care") == 1
    assert text.count("as above") == 1


def test_many_faults_are_told_in_a_screenful(folder):
    rows = "".join(f"council,nobody-{i}\n" for i in range(5000))
    folder.write("relationships.csv", "from,to\n" + rows)
    text = problem_text(folder, "relationships.csv")
    assert len(text.splitlines()) < 30
    assert "more" in text.splitlines()[-1]
