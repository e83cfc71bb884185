"""Turn a route into the arrays that the partner's mechanisms read."""

from typing import NamedTuple

import numpy as np

from simulation.scenario.route import COUNCIL_RULES, OPEN_TALKS, SITE_RULES, Route
from simulation.state import Flags, Floats, Integers

SITE_MODES = ("choose", "keep", "named")


class Plan(NamedTuple):
    """A route as arrays over its phases."""

    opportunistic: int
    phase_months: Integers  # (phases,)
    phase_shares: Floats  # (phases, 6) in the order of vocabulary.ACTIVITIES
    phase_site_mode: Integers  # (phases,) choose, keep, named
    phase_named_sites: Flags  # (phases, N)
    phase_talk: Integers  # (phases,) never, from a month, adaptive
    talk_from: int
    number_of_sites: int
    site_rule: int
    council_rule: int


def build_plan(route: Route, ids: tuple[str, ...]) -> Plan:
    """Return the route's plan for organisations with these ids.

    Raises KeyError with the id where a phase names a site that is not there.
    """
    row = {identity: i for i, identity in enumerate(ids)}
    named = np.zeros((len(route.phases), len(ids)), dtype=np.bool_)
    modes = []
    for k, phase in enumerate(route.phases):
        modes.append(phase.sites if isinstance(phase.sites, str) else "named")
        if not isinstance(phase.sites, str):
            for site in phase.sites:
                named[k, row[site]] = True
    talks = [OPEN_TALKS.index(phase.open_talk or route.open_talk) for phase in route.phases]
    return Plan(
        opportunistic=int(route.order == "opportunistic"),
        phase_months=np.array([phase.months for phase in route.phases], dtype=np.int64),
        phase_shares=np.array([phase.shares.as_tuple() for phase in route.phases], dtype=np.float64).reshape(-1, 6),
        phase_site_mode=np.array([SITE_MODES.index(mode) for mode in modes], dtype=np.int64),
        phase_named_sites=named,
        phase_talk=np.array(talks, dtype=np.int64),
        talk_from=route.open_from,
        number_of_sites=route.number_of_sites,
        site_rule=SITE_RULES.index(route.site_rule),
        council_rule=COUNCIL_RULES.index(route.council),
    )
