"""Numbers that no run can take are refused by every option, file and call before anything is made or run."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from typer.models import OptionInfo

from dashboard import command as dashboard
from dashboard.address import from_query
from experiments import memory
from experiments.claims import ClaimsPlan
from experiments.cli import analyse, calibrate, claims, compare, console, main, route_map
from experiments.cli import run as run_module
from experiments.cli import sweep as sweep_module
from experiments.compare import compare as compare_of_compare
from experiments.comparison_plan import plan_comparison
from experiments.essay_claims import CLAIMS
from experiments.factors import Factor
from experiments.plan import PlanDocument, load_plan
from experiments.route_map import plan_map
from experiments.runner import sweep
from experiments.work import work_of
from simulation.limits import MOST_SEED
from simulation.place import Place
from simulation.run import simulate
from simulation.scenario import ProblemError, Scenario
from tests.simulation.scenario.test_json_schema import unbounded

HUGE, BEYOND = 10**30, MOST_SEED + 1
PLAN = "scenarios = ['generated']\nmonths = 2\n[design]\ntype = 'latin-hypercube'\npoints = 4\n[factors]\n"
GIVEN: dict[str, tuple[str, ...]] = {
    "run": ("generated",), "compare": ("generated",), "claims": (), "map": ("generated",),
    "fit": ("survey.csv", "--scenario", "generated", "--scale", "0-10"), "sweep": ("plan.toml", "--out", "new"),
    "resume": ("swept",), "analyse": ("swept",), "dashboard": (),
}  # fmt: skip
BESIDE = {("compare", "--most"): ("--precision", "0.5"), ("claims", "--most"): ("--precision", "0.5"),
          ("map", "--memory"): ("--executor", "processes")}  # fmt: skip
LINES = ("--above", "--below", "--ahead")
"""Options that any finite number may stand for."""


class Reached(Exception):
    """The command took what was typed, and would run."""


def numeric() -> Iterator[tuple[str, str, type]]:
    """Yield every option of every command that takes a number."""
    for command in main.app.registered_commands:
        assert command.callback is not None
        for name, hint in get_type_hints(command.callback, include_extras=True).items():
            plain, *extra = get_args(hint) or (hint,)
            kinds = {plain, *get_args(plain)}
            if not extra or not isinstance(extra[0], OptionInfo) or not kinds & {int, float}:
                continue
            names = [text for text in extra[0].param_decls or () if text.startswith("--")]
            option = names[0] if names else f"--{name.replace('_', '-')}"
            yield command.name or command.callback.__name__, option, float if float in kinds else int


OPTIONS = list(numeric())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    here = tmp_path_factory.mktemp("numbers")
    (here / "plan.toml").write_text(f"{PLAN}trust_gain = 'plausible'\n")
    (here / "survey.csv").write_text("score,month\n3,6\n4,12\n")
    sweep(here / "plan.toml", here / "swept")
    return here


@pytest.fixture
def typed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Type a command up to where it would begin to run."""

    def reached(*_: object, **__: object) -> None:
        raise Reached

    for module in (analyse, claims, compare, dashboard, calibrate, route_map, run_module, sweep_module):
        if hasattr(module, "compile_once"):
            monkeypatch.setattr(module, "compile_once", reached)
    monkeypatch.setattr(console, "compile_once", reached)
    monkeypatch.chdir(folder)

    def run(*arguments: object) -> tuple[int, str]:
        status = main.main([str(argument) for argument in arguments])
        return status, capsys.readouterr().err

    return run


def test_every_command_with_numbers_is_tried():
    assert {name for name, _, _ in OPTIONS} == set(GIVEN)
    assert len(OPTIONS) > 30


@pytest.mark.parametrize(("command", "option", "kind"), OPTIONS)
def test_no_option_takes_a_number_that_can_not_be(typed, folder, command, option, kind):
    before = sorted(folder.rglob("*"))
    wrong = ["nan", "inf", "-inf", "1e999", "", "1,5", "0x10", HUGE, -HUGE, 2**63]
    wrong += [] if option in LINES else [-1]
    wrong += [] if kind is float else [1.5]
    may_be = {HUGE, -HUGE, 2**63} if option in LINES else set()
    for value in (value for value in wrong if value not in may_be):
        status, said = typed(command, *GIVEN[command], *BESIDE.get((command, option), ()), f"{option}={value}")
        assert status == 2, (value, said)
        told = said.replace("\n", " ")
        assert option in told or option.strip("-") in told, (value, said)
        assert "Traceback" not in said
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("command", [name for name, option, _ in OPTIONS if option == "--seed"])
def test_the_largest_seed_is_the_same_everywhere(typed, command):
    status, said = typed(command, *GIVEN[command], "--seed", BEYOND)
    assert status == 2
    assert "--seed" in said
    if command == "run":
        with pytest.raises(Reached):
            typed(command, *GIVEN[command], "--seed", MOST_SEED)
        return
    status, said = typed(command, *GIVEN[command], "--seed", MOST_SEED)  # several seeds: the last is beyond
    assert status == 2
    assert str(MOST_SEED) in said


@pytest.mark.parametrize("line", ["first_seed = {}", "[design]\ntype = 'latin-hypercube'\npoints = 2\nseed = {}"])
@pytest.mark.parametrize("seed", [BEYOND, 2**63, 2**64, -1, HUGE])
def test_a_plan_s_seeds_have_the_same_limit(tmp_path, line, seed):
    plan = tmp_path / "plan.toml"
    plan.write_text(f"{line.format(seed)}\n[factors]\ntrust_gain = 'plausible'\n")
    with pytest.raises(ProblemError) as caught:
        load_plan(plan)
    assert str(seed) in str(caught.value)


def test_a_plan_s_last_seed_counts_too(tmp_path):
    plan = tmp_path / "plan.toml"
    plan.write_text(f"first_seed = {MOST_SEED - 2}\nreplicates = 3\n")
    assert load_plan(plan).work.first_seed == MOST_SEED - 2
    plan.write_text(f"first_seed = {MOST_SEED - 1}\nreplicates = 3\n")
    with pytest.raises(ProblemError, match="first_seed"):
        load_plan(plan)


CALLS: dict[str, Callable[[int], object]] = {
    "simulate": lambda seed: simulate(Scenario(months=1), seed),
    "Place": lambda seed: Place(Scenario(months=1), seed),
    "compare": lambda seed: compare_of_compare(["generated"], ["none"], replicates=2, first_seed=seed),
    "plan_map": lambda seed: plan_map("generated", first_seed=seed),
    "work_of": lambda seed: work_of([Scenario()], first_seed=seed),
    "claims": lambda seed: ClaimsPlan(claims=CLAIMS, first_seed=seed),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("seed", [-1, BEYOND, 2**64])
def test_calls_in_python_have_the_same_limit(call, seed):
    with pytest.raises(ValueError, match="seed"):
        CALLS[call](seed)


def test_a_run_on_the_largest_seed_is_a_run():
    first, again = (simulate(Scenario(months=3), seed)["practice"].tolist() for seed in (MOST_SEED, MOST_SEED))
    assert first == again != simulate(Scenario(months=3), MOST_SEED - 1)["practice"].tolist()


def test_an_address_has_the_same_limit():
    assert from_query(f"seed={MOST_SEED}").settings.seed == MOST_SEED
    assert from_query(f"seed={MOST_SEED}").notes == ()
    assert from_query(f"seed={BEYOND}").notes


@pytest.mark.parametrize(
    ("call", "option"),
    [
        (lambda many: plan_comparison(["generated"], ["none", "blended"], replicates=many), "--replicates"),
        (
            lambda many: compare_of_compare(["generated"], ["manifesto-led", "blended"], precision=0.1, most=many),
            "--most",
        ),
        (lambda many: ClaimsPlan(claims=CLAIMS, seeds=many), "--replicates"),
        (lambda many: ClaimsPlan(claims=CLAIMS, point_seeds=many), "--point-replicates"),
        (lambda many: ClaimsPlan(claims=CLAIMS, structure_seeds=many), "--structure-replicates"),
        (lambda many: ClaimsPlan(claims=CLAIMS, points=many), "--points"),
        (lambda many: plan_map("generated", most=many), "--most"),
    ],
)
def test_more_runs_than_memory_holds_are_refused_before_the_first(call, option):
    with pytest.raises(ProblemError, match=option):
        call(100_000_000_000)


def test_what_fits_is_said_and_fits(monkeypatch):
    monkeypatch.setattr(memory, "machine_memory", lambda: 2 * memory.GIGABYTE)
    with pytest.raises(ProblemError, match="at most") as caught:
        plan_comparison(["generated"], ["none", "blended"], replicates=10_000_000)
    most = int(caught.value.problems[0].allowed.split()[1].replace(",", ""))
    assert plan_comparison(["generated"], ["none", "blended"], replicates=most).replicates == most


def test_a_design_that_memory_can_not_hold_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "machine_memory", lambda: memory.GIGABYTE)
    plan = tmp_path / "plan.toml"
    plan.write_text("[design]\ntype = 'latin-hypercube'\npoints = 90000000\n[factors]\ntrust_gain = 'plausible'\n")
    with pytest.raises(ProblemError, match="memory"):
        load_plan(plan)


def test_numbers_set_by_hand_are_held_to_their_hard_range():
    from simulation.parameters import PARAMETERS
    from simulation.scenario import with_settings

    for parameter in PARAMETERS:
        for value in (parameter.hard_high + 1 + abs(parameter.hard_high), parameter.hard_low - 1):
            with pytest.raises(ProblemError) as caught:
                with_settings(Scenario(), [f"{parameter.name}={value!r}"])
            assert "possible range" in str(caught.value)
            assert parameter.name in str(caught.value)


def test_every_number_of_a_plan_has_an_end():
    assert list(unbounded(PlanDocument.model_json_schema())) == []


def test_a_factor_s_numbers_are_finite():
    for wrong in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="finite"):
            Factor(name="trust_gain", values=(wrong,))
        with pytest.raises(ValueError, match="finite"):
            Factor(name="trust_gain", low=0.0, high=wrong)
