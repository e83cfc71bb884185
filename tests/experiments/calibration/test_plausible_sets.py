"""A fit finds what is in the observations, says what is not, and never says more than the data can."""

import json
import tomllib
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from experiments.calibration.plausible_sets import differences, equal_sets, work_of
from experiments.calibration.posterior import CAN_NOT
from experiments.cli.main import main
from experiments.reporting.calibration import headline, sentences
from experiments.reporting.result_files import fit_manifest, write_fit
from experiments.reporting.terminal import fit_account
from tests.experiments.calibration.fits import TRUTH, folder, from_the_model, impossible, known
from tests.experiments.reporting.test_in_browser import DECODE_ALL, DESKTOP, PHONE, open_page


@pytest.fixture(scope="module")
def written():
    """Return the folder of the fit of known observations, written once."""
    out = folder("written")
    if not out.exists():
        out.mkdir()
        write_fit(known(), out, fit_manifest(known(), ["behaviours", "fit", "survey.csv"]))
    return out


@pytest.mark.slow
def test_a_strong_parameter_is_found_and_one_that_does_nothing_is_not():
    strong, silent, offset = known().told
    assert (strong.name, strong.verdict) == ("adoption_rate", "narrowed")
    assert strong.low <= TRUTH[0] <= strong.high
    assert strong.high - strong.low < 0.9 * (strong.prior_high - strong.prior_low)
    assert (silent.name, silent.verdict) == ("rationing_limit", "can't tell")
    assert silent.explained < 0.05
    assert offset.low <= TRUTH[2] <= offset.high
    said = " ".join(sentences(known()))
    assert "can’t tell rationing_limit, and data of this shape hardly ever could" in said
    assert "adoption_rate" in said
    assert headline(known()).startswith("These observations narrow 1 of 2 parameters")


def test_data_that_no_set_makes_are_said_not_to_be_reproduced():
    found = impossible()
    assert found.agreement.chance < CAN_NOT
    assert {one.verdict for one in found.told} == {"not to be read"}
    assert headline(found).startswith("The model can’t reproduce these observations")
    words = fit_account(found)
    assert "none from all over the ranges that were tried does" in words
    assert "narrowed" not in words
    assert known().agreement.reproduces


def test_no_plan_goes_on_from_sets_that_do_not_reproduce_the_data(tmp_path):
    write_fit(impossible(), tmp_path, fit_manifest(impossible()), report=False)
    assert not (tmp_path / "plan.toml").exists()
    assert json.loads((tmp_path / "fit.json").read_text())["plan"] is None


def test_populations_come_nearer_and_their_sets_lie_in_the_ranges():
    found = known()
    distances = [one.distance for one in found.populations]
    assert distances == sorted(distances, reverse=True)
    chosen = found.plan.chosen
    for one in found.populations:
        assert len(one.weights) == found.plan.particles
        assert one.weights.sum() == pytest.approx(1)
        assert np.all((one.values >= chosen.lows) & (one.values <= chosen.highs))
        assert np.all(one.distances <= one.distance)
        assert 1 <= one.effective <= found.plan.particles * 1.000001


def test_what_differs_between_two_fits_is_said():
    one = from_the_model()
    assert differences(work_of(one), work_of(one)) == []
    said = differences(
        work_of(one), work_of(replace(one, particles=99, chosen=replace(one.chosen, priors=one.chosen.priors[1:])))
    )
    assert said == ["adoption_rate is fitted there", "particles 45 there, 99 here"]
    assert differences({"kind": "comparison"}, work_of(one)) == ["it holds no fit"]


def test_the_files_agree_with_one_another(written):
    sets = pl.read_csv(written / "sets.csv")
    assert sets.equals(pl.read_parquet(written / "sets.parquet"))
    assert sets["weight"].sum() == pytest.approx(1)
    found = json.loads((written / "fit.json").read_text())
    assert [one["verdict"] for one in found["unknowns"]] == pl.read_csv(written / "unknowns.csv")["verdict"].to_list()
    observed = pl.read_csv(written / "observations.csv")
    assert observed.filter(~pl.col("inside")).height / observed.height == found["agreement"]["outside"]
    predicted = pl.read_csv(written / "predictions.csv").filter(pl.col("about") == "all")
    assert predicted["month"].to_list() == [6, 12, 24]
    assert (predicted["median"] > predicted["practice"]).all()
    assert (written / "account.txt").read_text() == fit_account(known()) + "\n"


def test_the_plan_compares_routes_over_the_sets(written, tmp_path, capsys):
    said = tomllib.loads((written / "plan.toml").read_text())
    assert said["routes"] == ["prototype-led", "manifesto-led", "blended"]
    points = pl.read_csv(written / "points.csv")
    assert np.array_equal(points.to_numpy(), equal_sets(known())[:, :2])
    assert main(["sweep", str(written / "plan.toml"), "--out", str(tmp_path / "sweep"), "--executor", "serial"]) == 0
    runs = len(points) * 3 * said["replicates"]
    assert f"{runs:,} runs, 0 failed" in capsys.readouterr().out


def test_the_report_says_what_was_computed_and_asks_for_nothing(written):
    page = (written / "report.html").read_text()
    assert headline(known()) in page
    for text in sentences(known()):
        assert text.replace("'", "&#x27;") in page
    for words in ("Illustrative, not predictive", "Perceived practice is not enacted practice", "plan.toml"):
        assert words in page
    assert 'src="http' not in page
    assert 'href="http' not in page


@pytest.mark.browser
def test_the_report_fits_both_widths(written):
    from tests.browser import chromium

    with chromium() as browser:
        for size in (DESKTOP, PHONE):
            page, requests, complaints = open_page(browser, written / "report.html", size)
            page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
            assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
            assert complaints == []
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
            assert page.evaluate(DECODE_ALL) == []
