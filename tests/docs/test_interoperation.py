"""The how-tos on other tools run as they stand, on real runs, and give what the model gives."""

import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.design import LatinHypercube, Sobol
from experiments.factors import Factor
from experiments.runner import sweep
from experiments.work import work_of
from simulation.scenario import load_scenario

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
FACTORS = [Factor(name="trust_gain", low=0.04, high=0.12), Factor(name="threshold", low=0.14, high=0.28)]


def blocks(page: str) -> list[str]:
    """Return the Python of a page, block by block."""
    return re.findall(r"```python\n(.*?)```", (HOW_TO / page).read_text(encoding="utf-8"), re.DOTALL)


def run(code: str) -> dict[str, Any]:
    """Run a block as a person's script would be, warnings of other people's packages aside; return its names."""
    names: dict[str, Any] = {"__name__": "script"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(code, "how-to", "exec"), names)
    return names


@pytest.mark.parametrize("page", ["ema-workbench.md", "salib.md"])
def test_each_way_takes_less_than_twenty_lines(page: str) -> None:
    for block in blocks(page):
        assert len([line for line in block.splitlines() if line.strip()]) < 20


@pytest.mark.slow
def test_the_model_is_a_model_of_the_ema_workbench() -> None:
    found = run(blocks("ema-workbench.md")[0])
    experiments, results = found["experiments"], found["results"]
    assert len(experiments) == 4 * 2
    assert sorted(experiments["route"].astype(str)) == ["manifesto-led"] * 4 + ["prototype-led"] * 4
    for k in (0, 7):
        row = experiments.iloc[k]
        again = found["run"](str(row["route"]), trust_gain=row["trust_gain"], threshold=row["threshold"])
        assert again == {name: results[name][k] for name in ("practice", "trust")}
    assert len(set(results["practice"])) == 8


def test_the_model_is_a_problem_of_salib() -> None:
    problem = run(blocks("salib.md")[0])["problem"]
    assert problem.samples.shape == (4 * 5, 3)
    assert problem.results.shape[0] == len(set(problem.results.ravel())) == 20
    assert np.isfinite(problem.analysis["ST"]).all()


@pytest.mark.parametrize(
    ("page", "design", "name"),
    [("ema-workbench.md", LatinHypercube(points=30), "scores"), ("salib.md", Sobol(points=16), "indices")],
)
def test_a_sweep_s_results_go_over(
    page: str, design: Any, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = work_of([load_scenario("generated").changed(months=24)], FACTORS, design=design, replicates=2)
    sweep(work, tmp_path / "results" / "mine")
    monkeypatch.chdir(tmp_path)
    found = run(blocks(page)[1])[name]
    values = found["practice"].to_numpy() if name == "scores" else found["ST"]
    assert len(values) == len(FACTORS)
    assert np.isfinite(values).all()
    assert values.max() > 0
