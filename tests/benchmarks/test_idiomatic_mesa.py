"""The idiomatic Mesa peer is the same model: it passes the reference cases, its DataCollector on."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from benchmarks.idiomatic_agents import Organisation
from benchmarks.idiomatic_mesa import IdiomaticPlace
from benchmarks.idiomatic_world import ROUTES

REFERENCE = Path(__file__).parents[1] / "data" / "reference"
CASES = {case["id"]: case for case in json.loads((REFERENCE / "cases.json").read_text(encoding="utf-8"))}
TOLERANCE = 1e-9
COLUMNS = {
    "X": "practice",
    "XP": "perspective",
    "reach": "reach",
    "T": "trust",
    "U": "partner_trust",
    "P": "pressure",
    "R": "rigidity",
    "Fs": "failure_share",
    "G": "infrastructure",
    "Y": "evidence",
    "L": "learning",
    "W": "strategic_window",
}
SNAPSHOTS = (12, 36, 72, 131)


def read(path):
    with np.load(path) as arrays:
        return dict(arrays)


def place_of(case):
    return IdiomaticPlace(
        read(REFERENCE / f"{case['world']}.npz"),
        params=case["params"],
        route=case["route"],
        policy=case["policy"],
    )


def practice_of(place):
    return np.array([organisation.practice for organisation in place.organisations])


def collected(place):
    while place.running:
        place.step()
    return place.datacollector.get_model_vars_dataframe().astype(float)


@pytest.mark.parametrize("name", CASES)
def test_reference_case_to_a_billionth(name):
    place, expected = place_of(CASES[name]), read(REFERENCE / "out" / f"{name}.npz")
    snapshots = []
    for row in range(132):
        place.step()
        if row in SNAPSHOTS:
            snapshots.append(practice_of(place))
    assert not place.running

    means = place.datacollector.get_model_vars_dataframe().astype(float)
    for symbol, column in COLUMNS.items():
        np.testing.assert_allclose(means[column], expected[symbol], rtol=0, atol=TOLERANCE, err_msg=column)
    np.testing.assert_allclose(snapshots, expected["x_all"], rtol=0, atol=TOLERANCE)
    np.testing.assert_allclose(practice_of(place), expected["x_final"], rtol=0, atol=TOLERANCE)
    trust = [relationship.trust for relationship in place.relationships]
    np.testing.assert_allclose(trust, expected["T_final"], rtol=0, atol=TOLERANCE)


def test_a_row_for_every_organisation_and_month():
    place = IdiomaticPlace(organisations=8, months=5)
    means = collected(place)
    rows = place.datacollector.get_agenttype_vars_dataframe(Organisation)
    assert len(means) == 17
    assert len(rows) == 17 * 8
    by_month = rows["organisation_practice"].groupby(level=0).mean()
    np.testing.assert_allclose(by_month, means["practice"], rtol=0, atol=1e-12)


@pytest.mark.parametrize("route", ROUTES)
def test_every_ready_route_spends_its_months_and_stays_in_range(route):
    place = IdiomaticPlace(route=route, organisations=12, months=70, seed=3)
    means = collected(place)
    assert place.partner.spent == [months for _, months in ROUTES[route]]
    assert np.isfinite(means.to_numpy()).all()
    assert ((practice_of(place) >= 0) & (practice_of(place) <= 1)).all()


def test_the_seed_decides_a_run_and_another_seed_another():
    first, again, other = (collected(IdiomaticPlace(organisations=12, months=12, seed=s)) for s in (1, 1, 2))
    assert first.equals(again)
    assert not first["practice"].equals(other["practice"])


def test_two_routes_on_one_seed_share_all_luck():
    none, prototype = (collected(IdiomaticPlace(route=r, organisations=12, months=24)) for r in ("none", "prototype"))
    assert none["strategic_window"].equals(prototype["strategic_window"])
    assert none[:12].equals(prototype[:12])
    assert (none["practice"][30:] < prototype["practice"][30:]).all()


@pytest.mark.parametrize(("openness", "first"), [("never", None), (7, 7), (0, 0)])
def test_open_talk_begins_when_told(openness, first):
    place = IdiomaticPlace(openness=openness, organisations=8, months=20)
    began = None
    while place.running:
        place.step()
        if began is None and any(organisation.open_talk for organisation in place.organisations):
            began = place.month - 1 - 12
    assert began == first


def test_more_sites_than_organisations_means_all():
    place = IdiomaticPlace(organisations=4, months=1)
    while place.running:
        place.step()
    assert place.partner.sites == set(place.organisations)
    assert all(organisation.prototype > 0 for organisation in place.organisations)


def test_a_site_is_promising_by_trust_in_the_partner_then_by_its_own_draw():
    place = IdiomaticPlace(organisations=12)
    one, other = list(place.organisations)[1:3]
    for organisation in (one, other):
        organisation.ties = []
        organisation.mean_practice, organisation.threshold, organisation.partner_trust = 0.1, 0.2, 0.05
    one.threshold_draw, other.threshold_draw = 0.5, -0.5
    assert place.partner.promise(one) > place.partner.promise(other)
    other.partner_trust = 0.25
    assert place.partner.promise(other)[0] - place.partner.promise(one)[0] == pytest.approx(0.1)


def test_an_opportunistic_partner_chooses_sites_anew_for_each_spell_of_depth():
    world = read(REFERENCE / "w0.npz")
    world["ustr"] = np.where(np.arange(132) % 8 < 4, 0.0, 1.0)
    place = IdiomaticPlace(world, params={"won": 0.5, "woff": 0.5}, route="opportunistic")
    seen = []
    while place.running:
        place.step()
        if 0 <= place.month - 13 < 40:
            seen.append((place.partner.phase, frozenset(place.partner.sites)))
    spells = [now for before, now in pairwise([(None, None), *seen]) if now != before]
    assert {phase for phase, _ in seen} == {0, 1}
    assert len(spells) > 6
    assert len({sites for phase, sites in spells if phase == 1}) > 1
    assert all(before[0] != now[0] for before, now in pairwise(spells))  # never within a spell


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"route": "manifest"}, "manifest"),
        ({"params": {"alfa": 0.1}}, "alfa"),
        ({"openness": "often"}, "often"),
        ({"organisations": 2}, "at least 3"),
    ],
)
def test_what_is_unknown_is_named(settings, word):
    with pytest.raises(ValueError, match=word):
        IdiomaticPlace(**settings)


def test_luck_must_last_as_long_as_the_run():
    with pytest.raises(ValueError, match="132 months"):
        IdiomaticPlace(read(REFERENCE / "w5.npz"), months=121)
