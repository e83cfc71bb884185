"""What is said of the space follows the packaged file; a file of another model is not used, and that is said."""

import json

import pytest

from experiments.claims.__main__ import BLOCKS, PAGE
from experiments.claims.measured import FILE, measured, share_sentence
from experiments.claims.page import filled, page, space_words
from experiments.claims.store import experiments_hash, findings_in, probes
from experiments.claims.topics import CLAIMS
from experiments.claims.topics.entry import PRIMARY
from experiments.claims.wording import percent, sentence, verdict_words
from experiments.patterns.store import digest, parameters_hash, read
from simulation.version import MODEL_VERSION

STALE = "what is stored of the claims is not this model's: run `make claims` and add a line to CHANGELOG.md"


@pytest.fixture(scope="module")
def content():
    return read(FILE)


def written(path, content):
    """Write content with a hash of its own."""
    kept = {key: value for key, value in content.items() if key != "hash"}
    path.write_text(json.dumps(kept | {"hash": digest(kept)}), encoding="utf-8")
    return path


def test_every_claim_is_stored_at_full_scale(content):
    about = content["about"]
    assert [finding.name for finding in findings_in(content)] == [claim.name for claim in CLAIMS]
    assert about["first_seed"] >= 1_000_000
    assert about["seeds"] >= 200
    assert about["points"] >= 200
    assert about["claims"] == about["all_claims"] == len(CLAIMS)


def test_what_is_stored_belongs_to_this_model_and_these_claims(content):
    model = content["model"]
    assert model["version"] == MODEL_VERSION, STALE
    assert model["parameters"] == parameters_hash(), STALE
    assert model["experiments"] == experiments_hash(), STALE
    for claim, finding in zip(CLAIMS, findings_in(content), strict=True):
        assert (finding.quote, finding.says, finding.compared) == (claim.quote, claim.says, claim.compared), STALE


def test_the_model_still_gives_the_numbers_that_this_stands_on(content):
    assert probes(content["about"]["first_seed"]) == pytest.approx(content["probes"], abs=1e-6), STALE


def test_the_page_says_what_is_stored_and_shows_what_fails(content):
    text = PAGE.read_text(encoding="utf-8")
    assert text == page(content)
    for finding in findings_in(content):
        assert sentence(finding) in text
    early = next(finding for finding in findings_in(content) if finding.name == "open-talk-too-early")
    assert ("does not hold" in verdict_words(early)) == (early.verdict == "does not hold")


def test_readme_and_trace_say_what_is_stored(content):
    for path, where in BLOCKS.items():
        text = path.read_text(encoding="utf-8")
        assert text == filled(text, space_words(content, where))
        assert "not yet measured" not in text


def test_words_follow_the_file(tmp_path, content):
    space = next(finding.space for finding in findings_in(content) if finding.name == PRIMARY)
    said = share_sentence("prototype-led", "manifesto-led")
    assert f"by a difference that matters in {percent(space.share('holds'))}" in said
    changed = json.loads(json.dumps(content))
    row = next(one for one in changed["findings"] if one["name"] == PRIMARY)
    row["space"] |= {"points": 100, "holds": 11, "small": 60, "opposite": 22, "open": 7}
    path = written(tmp_path / "other.json", changed)
    other = share_sentence("manifesto-led", "prototype-led", path=path)
    assert "Over 100 sets" in other
    assert "by a difference that matters in 11%" in other
    assert "lower in 22%" in other
    assert "11%" in space_words(changed, "claims.md")
    assert page(read(path)) != page(content)


def test_a_file_of_another_model_is_not_used_and_that_is_said(tmp_path, content):
    older = json.loads(json.dumps(content))
    older["model"]["version"] = MODEL_VERSION + 1
    said = share_sentence("prototype-led", "manifesto-led", path=written(tmp_path / "older.json", older))
    assert f"not yet measured (it was measured with model version {MODEL_VERSION + 1}" in said
    older["model"] = content["model"] | {"parameters": "0" * 64}
    assert "other parameters" in measured(written(tmp_path / "moved.json", older)).note
    path = tmp_path / "by-hand.json"
    path.write_text(FILE.read_text(encoding="utf-8").replace('"holds": ', '"holds": 1', 1), encoding="utf-8")
    assert "not what `make claims` wrote" in measured(path).note
    assert "there is no gone.json" in measured(tmp_path / "gone.json").note


def test_other_routes_are_not_yet_measured():
    assert "not yet measured for these routes" in share_sentence("blended", "manifesto-led")
