"""The plain version where the reference cases do not reach: structural choices, edges and sites.

What the compiled model is held to itself (no days, no relationships, relabelling, harsh numbers, equal scores of sites)
holds for the plain version too, by test_against_plain.
"""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from tests.plain.model import returned, run
from tests.plain.partner import order_of_sites
from tests.plain.worlds import odd_params, odd_world

CASES = Path(__file__).parents[1] / "data" / "reference" / "cases.json"
DEFAULT, OPPORTUNISTIC = json.loads(CASES.read_text(encoding="utf-8"))[:2]
PARAMS, POLICY, ROUTE = DEFAULT["params"], DEFAULT["policy"], DEFAULT["route"]
STATES = ("practice", "trust", "partner_trust", "pressure", "failure_demand", "learning", "evidence")


def differs(one, other):
    """Return the largest difference of any state in any month."""
    return max(np.abs(one[name] - other[name]).max(initial=0) for name in (*STATES, "infrastructure"))


def odd_run(choices=None, *, seed=1, world=None, route=ROUTE, policy=POLICY, **params):
    """Run an odd world with some choices and parameters changed."""
    return run(world or odd_world(seed), {**PARAMS, **params}, route, policy, choices)


CHANGES = {
    "influence threshold": {"influence": "threshold"},
    "influence linear": {"influence": "linear"},
    "influence degroot": {"influence": "degroot"},
    "speed maturity": {"speed_limit": "maturity"},
    "speed local": {"speed_limit": "local"},
    "energy": {"site_rule": "energy"},
    "scattered": {"site_rule": "scattered"},
    "clustered": {"site_rule": "clustered"},
    "council out": {"council": "out"},
    "neighbours": {"convening": "neighbours"},
    "assembly": {"convening": "assembly", "assembly_share": 0.6},
    "asynchronous": {"update": "asynchronous"},
    "rationing": {"rationing": True},
    "held": {"burn_in": "held"},
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("seed", [3, 4])
def test_every_choice_changes_something_and_stays_bounded(name, seed):
    params = odd_params(PARAMS, seed)
    changed = odd_run(CHANGES[name], seed=seed, **params)
    assert differs(changed, odd_run(seed=seed, **params)) > 1e-6
    for state in ("practice", "trust", "partner_trust", "learning", "evidence", "infrastructure"):
        assert changed[state].min() >= 0
        assert changed[state].max() <= 1
    assert all(np.isfinite(values).all() for values in changed.values())


# limits in which two choices must agree


@pytest.mark.parametrize("speed", ["split", "maturity", "local"])
def test_without_speed_limit_the_three_are_one(speed):
    assert differs(odd_run({"speed_limit": speed}, nu=0), odd_run(nu=0)) == 0


def test_steep_hill_is_the_threshold():
    assert differs(odd_run(hill=1e10), odd_run({"influence": "threshold"})) < 1e-9


def test_assembly_of_nothing_is_convening_on_sites():
    found = odd_run({"convening": "assembly", "assembly_share": 0.0})
    assert differs(found, odd_run()) < 1e-12


def test_rationing_of_nothing_is_off():
    assert differs(odd_run({"rationing": True}, qmax=0), odd_run()) == 0


def test_asynchronous_without_peers_is_synchronous():
    assert differs(odd_run({"update": "asynchronous"}, wc=0), odd_run(wc=0)) == 0


def test_asynchronous_reads_the_newest_practice_of_those_before():
    """First in order moves as in the synchronous month, later ones do not."""
    synchronous, one_by_one = odd_run(), odd_run({"update": "asynchronous"})
    order = odd_world(1)["order"][0]
    change = np.abs(synchronous["practice"][0] - one_by_one["practice"][0]).max(axis=1)
    assert change[order[0]] == 0
    assert change.max() > 1e-6


def test_months_after_the_last_phase_have_no_doses():
    found = odd_run(policy={**POLICY, "months": [5, 6, 7]})
    assert found["help"][12:30].any(axis=1).all()
    for name in ("help", "convene", "prototype", "reflect", "vision", "rewire", "open_talk"):
        assert not found[name][30:].any()
        assert not found[name][:12].any()


# what comes from outside


def test_budget_path_in_place_of_the_yearly_cut():
    world = odd_world(5)
    years = np.maximum(np.arange(len(world["zdem"])) - 12, 0)[:, None] / 12
    path = (1 - world["exposure"] * 0.04 * 0.5) ** years
    cut = odd_run(world=world, c=0.04, cut_absorbed=0.5)
    assert differs(odd_run(world={**world, "budget": path}), cut) < 1e-13
    assert differs(odd_run(world=world), cut) > 1e-3


def test_without_exposure_a_cut_does_nothing():
    world = odd_world(5)
    spared = {**world, "exposure": np.zeros(14)}
    assert differs(odd_run(world=spared, c=0.1), odd_run(world=world)) == 0


def test_held_burn_in_moves_only_what_spins_up():
    found, world = odd_run({"burn_in": "held"}), odd_world(1)
    assert (found["practice"][:12] == world["x0"]).all()
    assert (found["trust"][:12] == np.clip(PARAMS["T0"] * world["T0"], 0, 1)).all()
    assert (found["infrastructure"][:12] == PARAMS["G0"]).all()
    assert (found["partner_trust"][:12] == PARAMS["U0"]).all()
    for name in ("pressure", "failure_demand", "learning", "demand_noise", "energy", "effort"):
        assert np.ptp(found[name][:12], axis=0).max() > 0
    assert np.ptp(found["practice"][11:13], axis=0).max() > 0


def test_disruption_is_capped():
    assert odd_run(psh=1.0)["disruption"].max() == 0.5


# rationing


def test_returned_need_is_conserved():
    rng = np.random.default_rng(8)
    T = np.triu(rng.random((6, 6)), 1)
    T = T + T.T
    T[5], T[:, 5] = 0, 0
    size, amount = rng.random(6), rng.random(6)
    back = returned(amount, T, size)
    assert (size * back).sum() == pytest.approx((size * amount).sum(), abs=1e-14)
    assert back[5] == amount[5]


def test_rationed_need_is_unmet_or_comes_back():
    """What stands in the backlog is what was kept of unmet need, less a twelfth a month."""
    found = odd_run({"rationing": True}, returning=0.7)
    unmet, backlog = found["unmet"], found["backlog"]
    before = np.vstack([np.zeros(14), backlog[:-1]])
    np.testing.assert_allclose(backlog, before * 11 / 12 + 0.7 * unmet, atol=1e-15)
    assert not unmet[0].any()  # the share turned away acts from the next month
    assert unmet[1:].min() > 0


def test_turning_away_for_good_relieves_and_coming_back_presses():
    off = odd_run(alpha=0, d0=0)["P"][-1]
    away = odd_run({"rationing": True}, returning=0.0, alpha=0, d0=0)["P"][-1]
    back = odd_run({"rationing": True}, returning=1.0, alpha=0, d0=0)["P"][-1]
    assert away < off
    assert away < back


# sites


def sites(rule, council, **changed):
    """Return the order of sites among five organisations, 0 the council, tied to 1; 3 tied to 4."""
    A = np.zeros((5, 5))
    A[0, 1] = A[1, 0] = A[3, 4] = A[4, 3] = 1
    world = {
        "council": 0,
        "A": A,
        "zth": np.array([0, 1, 2, 3, 4.0]),
        "site_luck": np.array([0.9, 0.2, 0.5, 0.8, 0.1]),
    }
    given = {"X": np.zeros(5), "U": np.zeros(5), "t": np.full(5, 0.2), "e": np.zeros(5), **changed}
    given.setdefault("read", np.zeros((5, 3)))
    par = SimpleNamespace(site_U=0.5, site_tie=0.3, sO=0.1)
    return order_of_sites(world, {"site_rule": rule, "council": council}, par, **given)


def test_standing_sites():
    assert sites("standing", "first") == [0, 1, 4, 3, 2]  # tied to the council, then ties by the own draw
    assert sites("standing", "out") == [1, 4, 3, 2]
    assert sites("standing", "out", U=np.array([0, 0, 0.7, 0, 0])) == [2, 1, 4, 3]
    assert sites("standing", "out", X=np.array([0, 0, 0, 0.31, 0])) == [3, 1, 4, 2]
    assert sites("standing", "out", t=np.array([0.2, 0.6, 0.2, 0.2, 0.2])) == [4, 3, 2, 1]
    assert sites("standing", "out", e=np.array([0, 0, 1.0, 0, 0])) == [1, 4, 3, 2]


def test_sites_where_the_energy_is():
    assert sites("energy", "first", e=np.array([0, 0, 1.0, 0, 0])) == [0, 2, 1, 4, 3]


def test_scattered_and_clustered_sites():
    assert sites("scattered", "out") == [3, 2, 1, 4]
    assert sites("clustered", "out") == [3, 4, 2, 1]
    assert sites("scattered", "first") == [0, 3, 2, 1, 4]
    assert sites("clustered", "first") == [0, 3, 4, 2, 1]


def test_more_sites_than_organisations_means_all():
    many, all_of_them = ({**POLICY, "sites": count} for count in (100, 14))
    assert differs(odd_run(policy=many), odd_run(policy=all_of_them)) == 0
    assert (odd_run(policy=many)["sites"][12:72] == 1).all()
    out = odd_run({"council": "out"}, policy=many)
    assert (out["sites"][12:72].sum(axis=1) == 13).all()


def test_named_and_kept_sites():
    found = odd_run(policy={**POLICY, "months": [5, 6, 7], "phase_sites": [[2, 9], "keep", "choose"]})
    assert (np.flatnonzero(found["sites"][12]) == [2, 9]).all()
    assert (found["sites"][12:23] == found["sites"][12]).all()
    assert found["sites"][23].sum() == POLICY["sites"]


def test_opportunistic_route_spends_its_months_of_breadth_and_depth():
    """Whatever the windows do, 20 months are of breadth and 20 of depth; breadth first needs a window."""
    found = odd_run(route="opportunistic", policy=OPPORTUNISTIC["policy"])
    depth = found["prototype"][12:52].any(axis=1)
    assert depth.sum() == 20
    used = np.cumsum(depth)
    window = found["W"][12:52] == 1
    breadth_left = np.cumsum(~depth) - ~depth < 20
    depth_left = used - depth < 20
    assert (~depth == (window & breadth_left) | ~depth_left).all()


@pytest.mark.parametrize("mode", [0, 1, 2])
def test_openness(mode):
    policy = {**POLICY, "overt_mode": mode, "overt_t": 30}
    found = odd_run(policy=policy, gU=0.9, T0=0.9)
    opened = found["open_talk"][12:]
    if mode == 0:
        assert not opened.any()
    elif mode == 1:
        assert not opened[:30].any()
        assert (opened[30:] == 0.5).all()
    else:
        gate = 1 / (1 + np.exp(-(found["maturity"][12:] - PARAMS["thM"]) / PARAMS["sM"]))
        assert ((opened == 0.5) == (gate > 0.8)).all()
        assert 0 < (opened == 0.5).mean() < 1


def test_convening_reaches_whom_it_should():
    """In a phase of depth alone: the sites; the sites and their neighbours; by assembly still the sites."""
    found = {name: odd_run({"convening": name, "assembly_share": 0.5}) for name in ("sites", "neighbours", "assembly")}
    chosen = found["sites"]["sites"][12] == 1
    world = odd_world(1)
    near = chosen.copy()
    near[world["src"][chosen[world["dst"]]]] = True
    near[world["dst"][chosen[world["src"]]]] = True
    assert ((found["sites"]["convene"][12] > 0) == chosen).all()
    assert ((found["neighbours"]["convene"][12] > 0) == near).all()
    assert near.sum() > chosen.sum()
    assert ((found["assembly"]["convene"][12] > 0) == chosen).all()
    breadth = slice(32, 52)
    assert (found["assembly"]["convene"][breadth] > found["sites"]["convene"][breadth]).all()


# organisations without relationships, and names that do not matter


@pytest.mark.parametrize("speed", ["split", "local"])
def test_the_isolated_are_moved_by_no_peer(speed):
    """Without a partner and with infrastructure fixed they only slip back."""
    found = odd_run({"speed_limit": speed}, route="none", policy=None, aG=0, U0=0)
    assert (np.diff(found["practice"][:, -2:], axis=0) < 0).all()
    assert np.isfinite(found["pressure"]).all()


def test_degroot_keeps_the_mean_weighted_by_strength():
    still = {"gT": 0, "dT": 0, "pb0": 0, "pbR": 0}
    found, world = odd_run({"influence": "degroot"}, route="none", policy=None, **still), odd_world(1)
    strength = np.zeros(14)
    np.add.at(strength, world["src"], found["trust"][0])
    np.add.at(strength, world["dst"], found["trust"][0])
    means = np.einsum("i,tib->tb", strength, found["practice"]) / strength.sum()
    np.testing.assert_allclose(means, np.broadcast_to(means[0], means.shape), rtol=0, atol=1e-12)
    assert (found["practice"][-1, -2:] == world["x0"][-2:]).all()  # the isolated keep their own
    assert not found["effort"].any()


def test_a_run_changes_nothing_it_was_given():
    world, policy = odd_world(1), json.loads(json.dumps(POLICY))
    first = odd_run(world=world, policy=policy, route="opportunistic")
    assert differs(first, odd_run(world=world, policy=policy, route="opportunistic")) == 0
    assert policy == POLICY
    assert world.keys() == odd_world(1).keys()
    assert all((world[name] == value).all() for name, value in odd_world(1).items())
