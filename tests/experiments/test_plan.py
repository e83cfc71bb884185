"""A plan file says what is run; what is wrong with it is said with its file, line and nearest name."""

import pytest

from experiments.factors import Factor, applied
from experiments.plan import load_plan, ready_plans
from experiments.work import Work, changes, work_of
from simulation.run import simulate
from simulation.scenario import ProblemError, Scenario, load_route, load_scenario
from tests.experiments.plans import plan_file, small_work

HEAD = """scenarios = ['generated']
routes = ['prototype-led']
[design]
type = 'latin-hypercube'
points = 4
[factors]
"""
WRONG = {
    "trust_gian = [0.1]": ("trust_gian", "trust_gain"),
    "trust_gain = [2.0]": ("outside", "0 to 1"),
    "trust_gain = { low = 0.2, high = 0.1 }": ("not above its start",),
    "trust_gain = { low = 0.1, hihg = 0.2 }": ("hihg", "high"),
    "trust_gain = []": ("no list of values",),
    "trust_gain = 0.1": ("neither a list of values nor a range", "plausible"),
    "trust_gain = [0.1, 0.1]": ("twice",),
    "trust_gain = [0.1]\ngT = [0.1]": ("two of its names",),
    "demand_noise_memory = 'plausible'": ("no plausible range",),
    "route = ['prototype-lde']": ("prototype-lde", "prototype-led"),
    "'route.site_rule' = { low = 0, high = 1 }": ("is not a number",),
    "'route.site_rule' = ['standing', 'enrgy']": ("enrgy",),
    "'route.number_of_sites' = { low = 1.5, high = 4 }": ("whole numbers",),
    "'route.phases[9].months' = [3, 4]": ("route.phases[9].months", "route.phases[1]"),
    "'pressure.budget.default' = [1]": ("pressure.budget.default",),
    "without = ['evidnce']": ("evidnce",),
    "trust_gain = [0.1, inf]": ("inf", "finite"),
    "trust_gain = [nan]": ("nan", "finite"),
    "trust_gain = { low = 0.05, high = inf }": ("finite",),
    "trust_gain = { low = nan, high = 0.1 }": ("finite",),
    "trust_gain = [true]": ("True", "a number"),
    "trust_gain = ['0.1']": ("a number",),
    "'place.network.join_isolated' = ['yes']": ("true, false",),
    "'place.generated.council_size' = [1, -inf]": ("finite",),
}


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_factor_is_said_with_its_place(tmp_path, line):
    path = tmp_path / "plan.toml"
    path.write_text(HEAD + line + "\n")
    with pytest.raises(ProblemError) as caught:
        load_plan(path)
    text = str(caught.value)
    assert str(path) in text
    assert all(word in text for word in WRONG[line]), text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[design]\ntype = 'latin'\npoints = 3", ("latin", "latin-hypercube", "line 2")),
        ("[design]\ntype = 'sobol'\npoints = 6\n[factors]\ntrust_gain = 'plausible'", ("power of two",)),
        ("[factors]\ntrust_gain = 'plausible'", ("needs values", "steps")),
        ("scenarios = ['gatehead']", ("gatehead", "gateshead")),
        ("replicates = 0", ("replicates", "line 1")),
        ("replicate = 3", ("replicate", "replicates")),
        ("[design]\ntype = 'table'\nfile = 'none.csv'", ("none.csv",)),
    ],
)
def test_a_wrong_plan_is_said_with_what_is_allowed(tmp_path, text, words):
    path = tmp_path / "plan.toml"
    path.write_text(text)
    with pytest.raises(ProblemError) as caught:
        load_plan(path)
    assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize("name", ready_plans())
def test_every_ready_plan_loads_without_a_note(name):
    notes = []
    work = load_plan(name, notes=notes).work
    assert work.runs == work.points * len(work.arms) * work.replicates
    assert not notes


def test_an_unknown_plan_names_the_ready_ones():
    with pytest.raises(ProblemError, match="did you mean 'demand-and-trust'"):
        load_plan("demand-and-trsut")


def test_a_table_s_rows_are_run_as_they_stand(tmp_path):
    (tmp_path / "points.csv").write_text("T0,route.number_of_sites,pressure\n0.2,3,austerity\n\n0.4,,crisis\n")
    path = tmp_path / "plan.toml"
    path.write_text("scenarios = ['generated']\nroutes = ['blended']\n[design]\ntype = 'table'\nfile = 'points.csv'\n")
    plan = load_plan(path)
    assert plan.rows == ((0.2, 3, "austerity"), (0.4, None, "crisis"))
    second = plan.work.scenario(0, plan.rows[1])
    assert second.numbers.initial_trust == 0.4
    assert second.route == load_route("blended")
    assert second.pressure.name == "crisis"


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("trust_gain", 0.07, lambda s: s.numbers.trust_gain),
        ("route.phases[2].shares.help", 0.01, lambda s: s.route.phases[1].shares.help),
        ("route.open_talk", "never", lambda s: s.route.open_talk),
        ("pressure.events[1].month", 7, lambda s: s.pressure.events[0].month),
        ("pressure.budget.rates.council[1]", -0.02, lambda s: s.pressure.budget.rates["council"][0]),
        ("place.generated.network.neighbours", 9.0, lambda s: s.place.generated.network.neighbours),
        ("structure.influence", "linear", lambda s: s.structure.influence),
        ("months", 14, lambda s: s.months),
    ],
)
def test_a_factor_changes_what_it_names_and_nothing_else(name, value, read):
    pressure = "austerity" if "budget" in name else "crisis"
    base = load_scenario("generated").changed(route=load_route("prototype-led"))
    work = work_of([base], [Factor(name=name, values=(value,))], pressures=[pressure])
    changed = work.scenario(0, (value,))
    assert read(changed) == value
    differ = changes(work.arms[0].what.model_dump(mode="json"), changed.model_dump(mode="json"))
    assert len(differ) == 1, differ


def test_none_leaves_the_scenario_as_it_is():
    scenario = Scenario()
    assert applied(scenario, [Factor(name="trust_gain", values=(0.1,))], [None]) is scenario


def test_work_comes_back_whole_from_its_text():
    work = small_work()
    again = Work.model_validate_json(work.model_dump_json(by_alias=True))
    assert again.content_hash() == work.content_hash()
    row = (0.1, "linear")
    here, there = (simulate(each.scenario(1, row), 5) for each in (work, again))
    assert (here["practice"] == there["practice"]).all()


def test_identity_follows_content_seed_and_model_version_and_not_names():
    work, row = small_work(), (0.1, "hill")
    identity = work.identities(0, row).of(7)
    renamed = work.arms[0].model_copy(update={"scenario": "other", "route": "other"})
    assert work.model_copy(update={"arms": (renamed, work.arms[1])}).identities(0, row).of(7) == identity
    others = {
        work.identities(0, row).of(8),
        work.identities(1, row).of(7),
        work.identities(0, (0.12, "hill")).of(7),
        work.model_copy(update={"model_version": 99}).identities(0, row).of(7),
    }
    assert len(others - {identity}) == 4


def test_an_identity_follows_what_a_named_part_holds(tmp_path):
    ids = []
    for text in ("number_of_sites = 3", "number_of_sites = 4"):
        (tmp_path / "mine.toml").write_text(text)
        path = tmp_path / "plan.toml"
        path.write_text("[factors]\nroute = ['./mine.toml']\n")
        ids.append(load_plan(path).work.identities(0, ("./mine.toml",)).of(1))
    assert ids[0] != ids[1]


def test_every_run_stands_at_one_place(tmp_path):
    work = load_plan(plan_file(tmp_path)).work.model_copy(update={"chunk_size": 5})
    places = [place for number in range(work.chunks) for place in work.places(work.chunk(number))]
    assert [place.run for place in places] == list(range(work.runs))
    assert len({place[1:] for place in places}) == work.runs == 4 * 2 * 3


@pytest.mark.parametrize("runs", [1, 10, 300, 5_000, 1_000_000])
def test_a_sweep_is_cut_by_its_plan_into_parts_for_many_workers_and_none_is_long(runs):
    work = work_of([Scenario()], replicates=runs)
    assert sum(work.chunk(number).size for number in range(work.chunks)) == runs
    assert work.chunks == 1 or 30 <= work.runs_a_chunk <= 1_000
    assert runs < 5_000 or work.chunks >= 60


def test_a_larger_place_or_a_longer_time_among_the_factors_makes_smaller_parts():
    work = work_of([Scenario()], replicates=100_000)
    larger = Factor(name="place.generated.organisations", values=(30, 3_000))
    longer = Factor(name="months", low=12, high=1200, whole=True)
    assert work.runs_a_chunk / work_of([Scenario()], [larger], replicates=100_000).runs_a_chunk > 20
    assert work.runs_a_chunk / work_of([Scenario()], [longer.model_copy(update={"steps": 2})]).runs_a_chunk > 2


TABLES = {
    "commas": ("trust_gain,route.number_of_sites\n0.05,3\n,\n0.1,5\n", []),
    "semicolons and decimal commas": ("trust_gain;route.number_of_sites\n0,05;3\n;\n0,1;5\n", ["decimal commas"]),
    "semicolons": ("trust_gain;route.number_of_sites\r\n0.05;3\r\n ; \r\n0.1;5\r\n", []),
    "tabs": ("trust_gain\troute.number_of_sites\n0,05\t3\n\t\n0,1\t5\n", ["decimal commas"]),
    "a line with nothing on it": ("trust_gain,route.number_of_sites\n0.05,3\n\n,\n0.1,5\n\n", []),
}


def table_plan(folder, text):
    (folder / "table.csv").write_text(text, newline="")
    plan = folder / "plan.toml"
    plan.write_text("scenarios = ['generated']\n[design]\ntype = 'table'\nfile = 'table.csv'\n")
    return plan


@pytest.mark.parametrize("form", TABLES)
def test_a_table_is_read_as_a_spreadsheet_saved_it_and_a_row_of_blanks_is_the_scenario_as_it_is(tmp_path, form):
    text, said = TABLES[form]
    notes = []
    plan = load_plan(table_plan(tmp_path, text), notes=notes)
    assert plan.rows == ((0.05, 3), (None, None), (0.1, 5))
    assert plan.work.points == 3
    arm = plan.work.arms[0]
    assert plan.work.scenario(0, plan.rows[1]).content_hash() == arm.what.content_hash()
    told = " ".join(notes)
    assert all(words in told for words in [*said, "row of blanks"])
    assert "decimal commas" not in told or said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('trust_gain\n"0,05"\n', ()),
        ('trust_gain,months\n"0,05",12\n', ("decimal comma", "0.05")),
        ("trust_gain;months\n0,05;12\n0.1;12\n", ("decimal commas", "0,05", "0.1", "line 2")),
        ("trust_gain,months\n5%,12\n", ("percent sign",)),
        ("trust_gain,months\ninf,12\n", ("inf", "not a number")),
        ("trust_gain,months\n0.1\n", ("another number of cells", "line 2")),
    ],
)
def test_a_number_in_a_table_that_could_be_read_two_ways_is_refused(tmp_path, text, words):
    plan = table_plan(tmp_path, text)
    if not words:
        assert load_plan(plan).rows == ((0.05,),)
        return
    with pytest.raises(ProblemError) as caught:
        load_plan(plan)
    assert all(word in str(caught.value) for word in (*words, "table.csv"))


def test_a_table_keeps_names_that_look_like_numbers(tmp_path):
    for name in ("007", "1e3"):
        (tmp_path / f"{name}.toml").write_text("title = 'x'\n[[phases]]\nmonths = 3\nshares = { help = 1.0 }\n")
    plan = load_plan(table_plan(tmp_path, "route,months\n./007.toml,3\n./1e3.toml,3\nnone,3\n"))
    assert [row[0] for row in plan.rows] == ["./007.toml", "./1e3.toml", "none"]


def test_a_range_may_be_written_as_on_the_command_line(tmp_path):
    works = []
    for said in ("{ low = 0.05, high = 0.1 }", "'0.05..0.1'", "'0.05:0.1'"):
        path = tmp_path / "plan.toml"
        path.write_text(f"{HEAD}trust_gain = {said}\n")
        works.append(load_plan(path).work)
    assert works[0].content_hash() == works[1].content_hash() == works[2].content_hash()
