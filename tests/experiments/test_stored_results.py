"""What is said of the space follows the packaged file; a file of another model is not used, and that is said."""

import json
from dataclasses import asdict, replace

import pytest

from experiments.baseline import (
    CLAIMS_FILE,
    arms_hash,
    claim_findings_in,
    claim_probes,
    digest,
    experiments_hash,
    measured,
    parameters_hash,
    pattern_findings_in,
    pattern_probes,
    patterns_content,
    read_findings,
    write_findings,
)
from experiments.essay_claims import CLAIMS, PRIMARY
from experiments.inference import Estimate
from experiments.model_patterns import FAMILIES
from experiments.reporting import phrases
from experiments.reporting.claims import sentence, share_sentence
from experiments.reporting.markdown import (
    BLOCKS,
    CLAIMS_PAGE,
    PATTERNS_PAGE,
    STORED,
    claims_page,
    patterns_page,
    space_words,
    with_space_filled,
    write_patterns_page,
)
from experiments.reporting.phrases import percent, verdict_words
from simulation import MODEL_VERSION

STALE_CLAIMS = "what is stored of the claims is not this model's: run `make claims` and add a line to CHANGELOG.md"


@pytest.fixture(scope="module")
def content():
    return read_findings(CLAIMS_FILE)


def written(path, content):
    """Write content with a hash of its own."""
    kept = {key: value for key, value in content.items() if key != "hash"}
    path.write_text(json.dumps(kept | {"hash": digest(kept)}), encoding="utf-8")
    return path


def test_every_claim_is_stored_at_full_scale(content):
    about = content["about"]
    assert [finding.name for finding in claim_findings_in(content)] == [claim.name for claim in CLAIMS]
    assert about["first_seed"] >= 1_000_000
    assert about["seeds"] >= 200
    assert about["points"] >= 200
    assert about["claims"] == about["all_claims"] == len(CLAIMS)


def test_what_is_stored_belongs_to_this_model_and_these_claims(content):
    model = content["model"]
    assert model["version"] == MODEL_VERSION, STALE_CLAIMS
    assert model["parameters"] == parameters_hash(), STALE_CLAIMS
    assert model["experiments"] == experiments_hash(), STALE_CLAIMS
    for claim, finding in zip(CLAIMS, claim_findings_in(content), strict=True):
        assert (finding.quote, finding.says, finding.compared) == (claim.quote, claim.says, claim.compared), (
            STALE_CLAIMS
        )


def test_the_model_still_gives_the_numbers_that_this_stands_on(content):
    assert claim_probes(content["about"]["first_seed"]) == pytest.approx(content["probes"], abs=1e-6), STALE_CLAIMS


def test_the_page_says_what_is_stored_and_shows_what_fails(content):
    text = CLAIMS_PAGE.read_text(encoding="utf-8")
    assert text == claims_page(content)
    for finding in claim_findings_in(content):
        assert sentence(finding) in text
    early = next(finding for finding in claim_findings_in(content) if finding.name == "open-talk-too-early")
    assert ("does not hold" in verdict_words(early)) == (early.verdict == "does not hold")


def test_readme_and_trace_say_what_is_stored(content):
    for path, where in BLOCKS.items():
        text = path.read_text(encoding="utf-8")
        assert text == with_space_filled(text, space_words(content, where))
        assert "not yet measured" not in text


def test_words_follow_the_file(tmp_path, content):
    space = next(finding.space for finding in claim_findings_in(content) if finding.name == PRIMARY)
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
    assert claims_page(read_findings(path)) != claims_page(content)


def test_a_file_of_another_model_is_not_used_and_that_is_said(tmp_path, content):
    older = json.loads(json.dumps(content))
    older["model"]["version"] = MODEL_VERSION + 1
    said = share_sentence("prototype-led", "manifesto-led", path=written(tmp_path / "older.json", older))
    assert f"not yet measured (it was measured with model version {MODEL_VERSION + 1}" in said
    older["model"] = content["model"] | {"parameters": "0" * 64}
    assert "other parameters" in measured(written(tmp_path / "moved.json", older)).note
    path = tmp_path / "by-hand.json"
    path.write_text(CLAIMS_FILE.read_text(encoding="utf-8").replace('"holds": ', '"holds": 1', 1), encoding="utf-8")
    assert "not what `make claims` wrote" in measured(path).note
    assert "there is no gone.json" in measured(tmp_path / "gone.json").note


def test_other_routes_are_not_yet_measured():
    assert "not yet measured for these routes" in share_sentence("blended", "manifesto-led")


# The stored findings are the present model's and the present checks', and the page says what they say.


STALE_PATTERNS = "the stored pattern findings are not this model's: run `make patterns` and add a line to CHANGELOG.md"


def test_every_check_is_stored_under_both_profiles_at_200_seeds():
    content = read_findings(STORED)
    names = [check.name for family in FAMILIES for check in family.checks]
    assert len(set(names)) == len(names)
    for some in pattern_findings_in(content).values():
        assert [finding.check for finding in some] == names
        assert {finding.seeds for finding in some} == {200}
        assert {finding.first_seed for finding in some} == {10_000}


def test_stored_findings_belong_to_these_parameters_and_arms():
    model = read_findings(STORED)["model"]
    assert model["parameters"] == parameters_hash(), STALE_PATTERNS
    assert model["arms"] == arms_hash(), STALE_PATTERNS


def test_the_model_still_gives_the_numbers_that_the_findings_stand_on():
    content = read_findings(STORED)
    now = pattern_probes(content["seeds"]["first"])
    assert now.keys() == content["probes"].keys()
    for check, arms in content["probes"].items():
        assert now[check] == pytest.approx(arms, abs=1e-6), f"{check}: {STALE_PATTERNS}"


def test_words_claims_and_rules_are_those_of_the_checks():
    stored = {finding.check: finding for finding in pattern_findings_in(read_findings(STORED))["full"]}
    for family in FAMILIES:
        for check in family.checks:
            finding = stored[check.name]
            assert (finding.pattern, finding.says, finding.quantity) == (family.name, check.says, check.quantity)
            assert finding.rule == str(check.side or "no claim is made")
            found = Estimate(finding.effect, finding.low, finding.high, finding.seeds, check.kind)
            assert finding.verdict == (check.verdict(found, fewest=0) if check.side else "no claim")


def test_the_page_shows_exactly_what_is_stored():
    assert PATTERNS_PAGE.read_text(encoding="utf-8") == patterns_page(read_findings(STORED))


def test_every_failing_check_is_shown_as_failing():
    text = PATTERNS_PAGE.read_text(encoding="utf-8")
    trouble = text.split("### What fails")[1].split("###")[0]
    for finding in pattern_findings_in(read_findings(STORED))["full"]:
        assert phrases.sentence(finding) in text
        assert (finding.verdict in ("fails", "undecided")) == (f"**{finding.check}.**" in trouble)


def test_changing_a_number_changes_the_page_and_only_there():
    content = read_findings(STORED)
    finding = pattern_findings_in(content)["full"][0]
    other = replace(finding, effect=-finding.effect, low=-finding.high, high=-finding.low, verdict="fails")
    changed = json.loads(json.dumps(content))
    changed["findings"]["full"][0] = asdict(other)
    before, after = patterns_page(content).splitlines(), patterns_page(changed).splitlines()
    assert phrases.sentence(finding) not in patterns_page(changed)
    assert f"**{finding.check}.** *{finding.says}* Fails." in patterns_page(changed)
    assert sum(line not in before for line in after) == 5, "the count, the failing, lean, the table, the chapter"


def test_a_number_changed_by_hand_is_refused(tmp_path):
    copy = tmp_path / "findings.json"
    copy.write_text(STORED.read_text(encoding="utf-8").replace('"holds"', '"fails"', 1), encoding="utf-8")
    with pytest.raises(ValueError, match="changed by hand"):
        read_findings(copy)


def test_content_survives_being_written_and_read(tmp_path):
    stored = pattern_findings_in(read_findings(STORED))
    content = patterns_content(stored)
    assert content["findings"] == read_findings(STORED)["findings"]
    write_findings(content, tmp_path / "again.json")
    assert read_findings(tmp_path / "again.json") == content
    assert pattern_findings_in(content) == stored
    assert [path.name for path in tmp_path.iterdir()] == ["again.json"]


def test_the_page_can_be_made_anew_from_the_file(tmp_path):
    assert write_patterns_page(["--page-only", "--out", str(tmp_path / "page.md")]) == 0
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == PATTERNS_PAGE.read_text(encoding="utf-8")
