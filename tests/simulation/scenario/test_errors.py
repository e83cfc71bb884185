"""Each fault of a TOML file gives one clear error: file, line or key, value, what is allowed, nearest name."""

import time
import tomllib

import pytest

from simulation.scenario import ProblemError, load_place, load_pressure, load_route, load_scenario
from simulation.scenario.errors import Findings
from simulation.scenario.toml_positions import toml_data

PHASE = "[[phases]]\nmonths = 20\nshares = { help = 0.5, convene = 0.5 }\n"
ROUTE_FAULTS = {
    "unknown key": ('titel = "x"\n', ["line 1", "'titel'", "not a known key", "number_of_sites", "'title'?"]),
    "unknown share": (
        PHASE.replace("convene", "convening"),
        ["line 3", "phases[1].shares.convening", "'convening'", "prototype", "'convene'?"],
    ),
    "a name of its own": ('name = "x"\n', ["line 1", "'name'", "not a known key"]),
    "shares above one": (PHASE.replace("0.5 }", "0.6 }"), ["line 3", "'1.1'", "sum of the shares", "at most 1"]),
    "share below zero": (
        PHASE.replace("0.5 }", "-0.1 }"),
        ["line 3", "phases[1].shares.convene", "'-0.1'", "at least 0"],
    ),
    "second phase": (
        PHASE + "[[phases]]\nmonths = 0\nshares = {}\n",
        ["line 5", "phases[2].months", "'0'", "at least 1"],
    ),
    "missing months": (PHASE.replace("months = 20\n", ""), ["line 1", "phases[1].months", "'months' is missing"]),
    "missing shares": ("[[phases]]\nmonths = 3\n", ["line 1", "'shares' is missing"]),
    "half a month": (PHASE.replace("20", "2.5"), ["line 2", "'2.5'", "not a whole number"]),
    "text for a number": (PHASE.replace("20", '"20"'), ["line 2", "'20'", "not a whole number"]),
    "true for a number": ("days_factor = true\n", ["line 1", "days_factor", "'True'", "not a number"]),
    "a date for a text": (
        "title = 2020-01-01\nnumber_of_sites = 2020-01-01\n",
        ["line 2", "'2020-01-01'", "whole number"],
    ),
    "not finite": ("days_factor = inf\n", ["line 1", "days_factor", "'inf'", "not a finite number"]),
    "misspelt choice": ('site_rule = "clusterd"\n', ["line 1", "'clusterd'", "standing, energy", "'clustered'?"]),
    "sites neither word nor list": (
        PHASE + 'sites = "kepp"\n',
        ["line 4", "phases[1].sites", "'kepp'", "choose, keep, a list", "'keep'?"],
    ),
    "one phase to choose between": ('order = "opportunistic"\n' + PHASE, ["line 1", "'opportunistic'", "two phases"]),
    "a table for a list": ("phases = 3\n", ["line 1", "phases", "'3'", "not a list"]),
    "not TOML": ("title = x\n", ["line 1", "not TOML", "key ="]),
    "key twice": ('title = "a"\ntitle = "b"\n', ["line 2", "not TOML"]),
    "open quotation": ('title = "a\n', ["line 1", "not TOML"]),
    "too deep": ("phases = " + "[" * 5000 + "]" * 5000 + "\n", ["too deep"]),
    "a number of five thousand digits": ("number_of_sites = " + "9" * 5000 + "\n", ["not TOML"]),
    "a number of four hundred digits": ("days_factor = " + "9" * 400 + "\n", ["line 1", "days_factor"]),
    "empty": ("", ["empty"]),
}
PRESSURE_FAULTS = {
    "unknown parameter": ("[parameters]\ndemnd_growth = 0.1\n", ["line 2", "'demnd_growth'", "'demand_growth'?"]),
    "symbol": ("[parameters]\ng = 0.1\n", ["line 2", "'g'", "symbol", "'demand_growth'?"]),
    "outside the hard range": (
        "[parameters]\ncut_absorbed = 1.5\n",
        ["line 2", "parameters.cut_absorbed", "'1.5'", "0 to 1"],
    ),
    "text for a number": ('[parameters]\ncut_absorbed = "half"\n', ["line 2", "'half'", "not a number"]),
    "misspelt kind": ("[budget.rates]\nsocial_care = -0.1\n", ["line 2", "'social_care'", "council", "'social-care'?"]),
    "cut of more than all": (
        "[budget.rates]\npolice = -1.5\n",
        ["line 2", "budget.rates.police", "'-1.5'", "above -1"],
    ),
    "text among rates": ('[budget.rates]\npolice = [0.1, "x"]\n', ["line 2", "police[2]", "'x'", "not a number"]),
    "no rates": ("[budget.rates]\npolice = []\n", ["line 2", "police", "length"]),
    "misspelt event": (
        '[[events]]\ntype = "demand-shok"\nmonth = 3\nsize = 1\n',
        ["line 2", "'demand-shok'", "merger", "'demand-shock'?"],
    ),
    "event without type": ("[[events]]\nmonth = 3\n", ["line 1", "events[1]", "'type' is missing"]),
    "event without size": ('[[events]]\ntype = "demand-shock"\nmonth = 3\n', ["line 1", "'size' is missing"]),
    "unknown key of an event": (
        '[[events]]\ntype = "funder-exit"\nmnth = 3\n',
        ["line 3", "events[1].mnth", "'mnth'", "month, note, type", "'month'?"],
    ),
    "misspelt kind of an event": (
        '[[events]]\ntype = "restructure"\nmonth = 3\nkinds = ["helth"]\n',
        ["line 4", "'helth'", "'health'?"],
    ),
    "merger with itself": (
        '[[events]]\ntype = "merger"\nmonth = 3\norganisation = "a"\ninto = "a"\n',
        ["line 5", "'a'", "itself"],
    ),
}
SCENARIO_FAULTS = {
    "unknown place": (
        'place = "gatshead"\n',
        ["line 1", "place", "'gatshead'", "barking-and-dagenham", "'gateshead'?"],
    ),
    "unknown route": ('route = "manifesto"\n', ["line 1", "route", "'manifesto'", "blended", "'manifesto-led'?"]),
    "unknown pressure": ('pressure = "austerty"\n', ["line 1", "'austerty'", "'austerity'?"]),
    "a place that is no text": ("place = 3\n", ["line 1", "place", "'3'", "not text"]),
    "unknown switch": ('without = ["evidense"]\n', ["line 1", "without[1]", "'evidense'", "'evidence'?"]),
    "misspelt structure": ('[structure]\ninfluence = "liner"\n', ["line 2", "'liner'", "hill, threshold", "'linear'?"]),
    "unknown structure": ("[structure]\ninfluense = 1\n", ["line 2", "'influense'", "'influence'?"]),
    "unknown parameter": ("[parameters]\ntrust_gian = 1\n", ["line 2", "'trust_gian'", "'trust_gain'?"]),
    "numbers that do not fit": (
        "[parameters]\nslip_back = 0.5\nslip_back_rigidity = 3\n",
        ["slip_back * (1 + slip_back_rigidity * rigidity_limit)", "'1.775'", "at most 1"],
    ),
    "trust that does not fit": (
        "[parameters]\ntrust_gain = 0.9\ntrust_decay = 0.2\n",
        ["trust_gain + trust_decay", "'1.1'"],
    ),
    "no months": ("months = 0\n", ["line 1", "months", "'0'", "at least 1"]),
    "unknown profile": ('profile = "leen"\n', ["line 1", "'leen'", "full, lean", "'lean'?"]),
    "event for nobody": (
        'place = "gateshead"\n[[events]]\ntype = "closure"\nmonth = 3\norganisation = "foodbnk"\n',
        ["line 5", "events[1].organisation", "'foodbnk'", "'foodbank'?"],
    ),
    "events for nobody": (
        'place = "gateshead"\n[[events]]\ntype = "restructure"\nmonth = 3\norganisations = ["council", "x-y-z"]\n',
        ["line 5", "'x-y-z'", "council"],
    ),
    "event for a kind that is not there": (
        'place = "generated"\n[[events]]\ntype = "restructure"\nmonth = 3\nkinds = ["health"]\n',
        ["line 5", "'health'", "no organisation", "council, voluntary"],
    ),
    "event for nobody in a generated place": (
        '[[events]]\ntype = "closure"\nmonth = 3\norganisation = "organisation-30"\n',
        ["line 4", "'organisation-30'", "organisation-29"],
    ),
    "closed twice": (
        2 * '[[events]]\ntype = "closure"\nmonth = 3\norganisation = "organisation-3"\n',
        ["'organisation-3'", "gone since month 3"],
    ),
    "site that is not there": (
        'place = "gateshead"\n[route]\n[[route.phases]]\nmonths = 3\nshares = {}\nsites = ["concil"]\n',
        ["line 6", "route.phases[1].sites", "'concil'", "'council'?"],
    ),
    "unknown key of its route": ("[route]\ntitel = 3\n", ["line 2", "route.titel", "'titel'", "'title'?"]),
}
PLACE_FAULTS = {
    "council that is not there": (('council = "council"', 'council = "concil"'), ["line 2", "'concil'", "'council'?"]),
    "misspelt scale": (("days = 3", 'scale = "1-5"'), ["line 3", "scale", "'1-5'", "0-1, 0-10, 1-10, percent"]),
    "negative days": (("days = 3", "days = -3"), ["line 3", "days", "'-3'", "at least 0"]),
    "days twice": (("days = 3", "days = 3\n[parameters]\npartner_days = 4"), ["line 5", "days are given twice"]),
    "range turned round": (("days = 3", "practice_low = 0.5"), ["practice_high", "'0.12'", "at least"]),
    "generated and given": (("days = 3", "[generated]"), ["'organisations.csv'", "'relationships.csv'", "not both"]),
    "tables within": (("days = 3", "[[organisations]]\nid = 1"), ["line 3", "'organisations'", "not a known key"]),
    "source left out": (
        ("days = 3", '[[facts]]\nquantity = "a"\nvalue = "b"'),
        ["line 3", "facts[1].source", "missing"],
    ),
}


def check(said, load, source):
    with pytest.raises(ProblemError) as caught:
        load(source)
    text = str(caught.value)
    assert [part for part in said if part not in text] == [], text


@pytest.mark.parametrize(("content", "said"), ROUTE_FAULTS.values(), ids=ROUTE_FAULTS)
def test_a_fault_of_a_route_is_named(tmp_path, content, said):
    path = tmp_path / "route.toml"
    path.write_text(content)
    check([str(path), *said], load_route, path)


@pytest.mark.parametrize(("content", "said"), PRESSURE_FAULTS.values(), ids=PRESSURE_FAULTS)
def test_a_fault_of_a_pressure_is_named(tmp_path, content, said):
    path = tmp_path / "pressure.toml"
    path.write_text(content)
    check([str(path), *said], load_pressure, path)


@pytest.mark.parametrize(("content", "said"), SCENARIO_FAULTS.values(), ids=SCENARIO_FAULTS)
def test_a_fault_of_a_scenario_is_named(tmp_path, content, said):
    path = tmp_path / "mine.toml"
    path.write_text(content)
    check([str(path), *said], load_scenario, path)


@pytest.mark.parametrize(("change", "said"), PLACE_FAULTS.values(), ids=PLACE_FAULTS)
def test_a_fault_of_place_toml_is_named(folder, change, said):
    folder.replace("place.toml", *change)
    check([str(folder.path), *said], load_place, folder.path)


def test_all_faults_of_a_scenario_come_together(tmp_path, folder):
    folder.replace("organisations.csv", ",health,", ",helth,")
    path = tmp_path / "mine.toml"
    path.write_text('place = "./mine"\nroute = "manifesto"\nmonths = 0\n[parameters]\nnu = 1\n')
    with pytest.raises(ProblemError) as caught:
        load_scenario(path)
    assert len(caught.value.problems) == 4
    assert {problem.value for problem in caught.value.problems} == {"helth", "manifesto", "0", "nu"}


def test_an_implausible_number_is_a_note_with_its_line(tmp_path):
    path = tmp_path / "hard.toml"
    path.write_text('title = "Hard"\n[parameters]\ninitial_pressure = 1.3\n')
    notes = []
    assert load_pressure(path, notes=notes).parameters == {"initial_pressure": 1.3}
    assert notes == [f"{path}, line 3: initial_pressure = 1.3 lies outside its plausible range, 0.88 to 1.04"]


def test_an_event_after_the_end_is_a_note(tmp_path):
    path = tmp_path / "late.toml"
    path.write_text('months = 12\n[[events]]\ntype = "funder-exit"\nmonth = 12\n')
    notes = []
    load_scenario(path, notes=notes)
    assert any("funder-exit" in note and "month 12" in note for note in notes)


def test_one_number_stands_for_a_budget_of_every_year(tmp_path):
    path = tmp_path / "cuts.toml"
    path.write_text("[budget]\ndefault = 0\n[budget.rates]\npolice = -0.02\nhealth = [0.1, -0.1]\n")
    budget = load_pressure(path).budget
    assert [budget.yearly("police", year) for year in (0, 9)] == [-0.02, -0.02]
    assert [budget.yearly("health", year) for year in (0, 1, 9)] == [0.1, -0.1, -0.1]
    assert budget.yearly("housing", 3) == 0


CHAIN = ".".join(["a"] * 20_000)
DEEP = {
    "a dotted key": f"{CHAIN} = 1",
    "a dotted key in quotation marks": "title = 'x'\n" + '"a".' * 20_000 + "b = 1",
    "spaces round the dots": f"{' . '.join(['a'] * 20_000)} = 1",
    "a table's name": f"[{CHAIN}]\nx = 1",
    "a repeated table's name": f"[[{CHAIN}]]\nx = 1",
    "within an inline table": f"x = {{ {CHAIN} = 1 }}",
    "lists": "x = " + "[" * 20_000,
    "closed lists": f"x = {'[' * 500}{']' * 500}",
    "inline tables": "x = " + "{ a = " * 20_000,
    "short keys within one another": f"x = {'{ a.a.a.a.a.a = ' * 20}1{' }' * 20}",
    "a table far down and a key far down": f"[{'.'.join('a' * 30)}]\n{'.'.join('b' * 30)} = 1",
    "many lines": f"{'.'.join('a' * 40)} = 1\n" * 5_000,
}
BROKEN = ('"""\\' * 100_000, "'''\\''" * 100_000, "a." * 200_000, '"' * 400_001, "[" + "a]" * 200_000)
FLAT = (
    f'title = "{CHAIN}"',
    f'title = """\n{CHAIN}\n[[[[\n"""',
    f"title = '{CHAIN}'",
    f"title = 'x' # {CHAIN} {'[' * 100}",
    'title = """a"b""c\\"""" # x',
    f"x = [{'[1.5], ' * 10_000}]",
    f'"{CHAIN}" = 1',
)


@pytest.mark.parametrize("kind", DEEP)
def test_what_is_nested_too_deeply_is_refused_at_once(kind):
    findings, began = Findings(), time.perf_counter()
    assert toml_data(DEEP[kind], findings, file="x.toml") is None
    assert time.perf_counter() - began < 3
    assert "nested too deeply" in str(findings.problems[0])
    assert "x.toml" in str(findings.problems[0])


def test_a_text_that_never_closes_is_refused_at_once():
    for text in BROKEN:
        findings, began = Findings(), time.perf_counter()
        assert toml_data(text, findings, file="x.toml") is None
        assert time.perf_counter() - began < 3


def test_dots_and_brackets_that_nest_nothing_are_read():
    for text in FLAT:
        assert toml_data(text, Findings(), file="x.toml") == tomllib.loads(text)


def test_every_file_of_a_scenario_bounds_its_depth(tmp_path):
    place = tmp_path / "place"
    place.mkdir()
    for path in (tmp_path / "deep.toml", place / "place.toml"):
        path.write_text(f"{CHAIN} = 1\n")
    for load in (load_scenario, load_route, load_pressure):
        with pytest.raises(ProblemError, match="nested too deeply"):
            load(tmp_path / "deep.toml")
    with pytest.raises(ProblemError, match="nested too deeply"):
        load_place(place)
