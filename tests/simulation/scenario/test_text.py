"""What spreadsheets and editors do to a table is read where that is safe, and said in a note."""

import pytest

from simulation.scenario import load_place
from tests.simulation.scenario.conftest import ORGANISATIONS, RELATIONSHIPS

SAFE = {
    "a byte-order mark": (lambda text: b"\xef\xbb\xbf" + text.encode(), "byte-order mark"),
    "semicolons": (lambda text: text.replace(",", ";").encode(), "semicolon"),
    "tabs": (lambda text: text.replace(",", "\t").encode(), "tab"),
    "line ends of Windows": (lambda text: text.replace("\n", "\r\n").encode(), "CRLF"),
    "line ends of an old Mac": (lambda text: text.replace("\n", "\r").encode(), "CR"),
    "empty rows": (lambda text: (text + "\n,,,,\n\n").encode(), "empty rows skipped: 3"),
    "blanks around cells": (lambda text: text.replace(",", " , ").encode(), "stray blanks"),
    "columns in other case": (lambda text: (text[:6].upper() + text[6:]).encode(), "case"),
    "quoted cells": (lambda text: text.replace("council", '"council"').encode(), ""),
    "no line end at the end": (lambda text: text.rstrip("\n").encode(), ""),
}


@pytest.mark.parametrize(("change", "said"), SAFE.values(), ids=SAFE)
@pytest.mark.parametrize("table", ["organisations.csv", "relationships.csv"])
def test_what_is_safe_is_read_the_same(folder, table, change, said):
    expected = load_place(folder.path)
    text = ORGANISATIONS if table == "organisations.csv" else RELATIONSHIPS
    folder.write(table, change(text))
    notes = []
    assert load_place(folder.path, notes=notes) == expected
    assert any(said in note and table in note for note in notes) or not said


def test_a_good_place_has_no_notes(folder):
    notes = []
    load_place(folder.path, notes=notes)
    assert notes == []


def test_a_line_break_within_a_cell_is_read_as_a_blank_and_lines_stay_right(folder):
    folder.replace("organisations.csv", "Mental health trust", '"Mental\nhealth trust"')
    assert load_place(folder.path).organisations[1].name == "Mental health trust"
    folder.replace("organisations.csv", "0.2\n", "2\n")
    with pytest.raises(ValueError, match=r"organisations\.csv, line 5, column practice"):
        load_place(folder.path)


def test_letters_of_other_languages_are_kept(folder):
    folder.replace("organisations.csv", "Foodbank", "Tafel Köln 食")
    assert load_place(folder.path).organisations[2].name == "Tafel Köln 食"


def test_the_same_letter_written_in_two_ways_is_one(folder):
    composed, decomposed = "caf\u00e9", "cafe\u0301"
    folder.replace("organisations.csv", "foodbank,", f"{composed},")
    folder.replace("relationships.csv", ",foodbank,", f",{decomposed},")
    assert load_place(folder.path).relationships[1].target == composed


@pytest.mark.parametrize(
    ("scale", "given", "share"),
    [
        ("0-1", 0.25, 0.25),
        ("0-10", 2.5, 0.25),
        ("1-10", 1, 0.0),
        ("1-10", 10, 1.0),
        ("1-10", 5.5, 0.5),
        ("percent", 25, 0.25),
    ],
)
def test_scales_become_shares(folder, scale, given, share):
    folder.write("place.toml", f'scale = "{scale}"\n')
    folder.write("organisations.csv", f"id,kind,practice\na,council,{given}\nb,health,\n")
    folder.write("relationships.csv", f"from,to,strength,trust\na,b,{given},{given}\n")
    place = load_place(folder.path)
    assert place.organisations[0].practice == pytest.approx((share,) * 9)
    assert place.relationships[0].trust == pytest.approx(share)
    assert place.relationships[0].strength == pytest.approx(share)


def test_a_survey_of_1_to_10_has_no_0(folder):
    folder.write("place.toml", 'scale = "1-10"\n')
    folder.write("organisations.csv", "id,kind,practice\na,council,0\n")
    folder.write("relationships.csv", "from,to\n")
    with pytest.raises(ValueError, match=r"'0' is out of range; allowed: 1 to 10 \(place.toml says scale"):
        load_place(folder.path)


def test_blank_cells_take_what_the_file_does_not_say(folder):
    folder.write("organisations.csv", "id,kind,size,practice,threshold,budget_exposure\ncouncil,council,,,,\n")
    folder.write("relationships.csv", "from,to\n")
    only = load_place(folder.path).organisations[0]
    assert (only.size, only.practice, only.threshold, only.budget_exposure) == (1.0, None, None, 1.0)


def test_the_only_council_is_taken_for_the_council_with_a_note(folder):
    folder.replace("place.toml", 'council = "council"\n', "")
    notes = []
    assert load_place(folder.path, notes=notes).council == "council"
    assert any("council" in note for note in notes)
