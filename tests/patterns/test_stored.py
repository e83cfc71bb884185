"""The stored findings are the present model's and the present checks', and the page says what they say."""

import json
from dataclasses import asdict, replace

import pytest

from experiments.patterns.__main__ import PAGE, STORED, main
from experiments.patterns.families import FAMILIES
from experiments.patterns.finding import sentence
from experiments.patterns.page import page
from experiments.patterns.store import arms_hash, content_of, findings_in, parameters_hash, probes, read, write

STALE = "the stored pattern findings are not this model's: run `make patterns` and add a line to CHANGELOG.md"


def test_every_check_is_stored_under_both_profiles_at_200_seeds():
    content = read(STORED)
    names = [check.name for family in FAMILIES for check in family.checks]
    assert len(set(names)) == len(names)
    for some in findings_in(content).values():
        assert [finding.check for finding in some] == names
        assert {finding.seeds for finding in some} == {200}
        assert {finding.first_seed for finding in some} == {10_000}


def test_stored_findings_belong_to_these_parameters_and_arms():
    model = read(STORED)["model"]
    assert model["parameters"] == parameters_hash(), STALE
    assert model["arms"] == arms_hash(), STALE


def test_the_model_still_gives_the_numbers_that_the_findings_stand_on():
    content = read(STORED)
    now = probes(content["seeds"]["first"])
    assert now.keys() == content["probes"].keys()
    for check, arms in content["probes"].items():
        assert now[check] == pytest.approx(arms, abs=1e-6), f"{check}: {STALE}"


def test_words_claims_and_rules_are_those_of_the_checks():
    stored = {finding.check: finding for finding in findings_in(read(STORED))["full"]}
    for family in FAMILIES:
        for check in family.checks:
            finding = stored[check.name]
            assert (finding.pattern, finding.says, finding.quantity) == (family.name, check.says, check.quantity)
            assert finding.rule == str(check.rule)
            assert finding.verdict == check.rule.verdict(finding.low, finding.high)


def test_the_page_shows_exactly_what_is_stored():
    assert PAGE.read_text(encoding="utf-8") == page(read(STORED))


def test_every_failing_check_is_shown_as_failing():
    text = PAGE.read_text(encoding="utf-8")
    trouble = text.split("### What fails")[1].split("###")[0]
    for finding in findings_in(read(STORED))["full"]:
        assert sentence(finding) in text
        assert (finding.verdict in ("fails", "undecided")) == (f"**{finding.check}.**" in trouble)


def test_changing_a_number_changes_the_page_and_only_there():
    content = read(STORED)
    finding = findings_in(content)["full"][0]
    other = replace(finding, effect=-finding.effect, low=-finding.high, high=-finding.low, verdict="fails")
    changed = json.loads(json.dumps(content))
    changed["findings"]["full"][0] = asdict(other)
    before, after = page(content).splitlines(), page(changed).splitlines()
    assert sentence(finding) not in page(changed)
    assert f"**{finding.check}.** *{finding.says}* Fails." in page(changed)
    assert sum(line not in before for line in after) == 5, "the count, the failing, lean, the table, the chapter"


def test_a_number_changed_by_hand_is_refused(tmp_path):
    copy = tmp_path / "findings.json"
    copy.write_text(STORED.read_text(encoding="utf-8").replace('"holds"', '"fails"', 1), encoding="utf-8")
    with pytest.raises(ValueError, match="changed by hand"):
        read(copy)


def test_content_survives_being_written_and_read(tmp_path):
    stored = findings_in(read(STORED))
    content = content_of(stored)
    assert content["findings"] == read(STORED)["findings"]
    write(content, tmp_path / "again.json")
    assert read(tmp_path / "again.json") == content
    assert findings_in(content) == stored
    assert [path.name for path in tmp_path.iterdir()] == ["again.json"]


def test_the_page_can_be_made_anew_from_the_file(tmp_path):
    assert main(["--page-only", "--out", str(tmp_path / "page.md")]) == 0
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")
