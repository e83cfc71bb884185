"""The whole model as a good Mesa user would write it: an object for everything, and a DataCollector.

This is the peer the compiled version is timed against. It has the default structural choices of docs/odd.md,
no events, and plain Python floats; it passes the reference cases. Its agents are in `idiomatic_agents`, its
numbers, routes and generated place in `idiomatic_world`. *Illustrative, not predictive.*
"""

from collections.abc import Mapping
from functools import partial
from math import sqrt
from statistics import fmean
from typing import Any

import mesa

from benchmarks.idiomatic_agents import (
    COUNCIL,
    DOMAINS,
    PARTICIPATION,
    PERSPECTIVE,
    POWER,
    SHARED_VISION,
    LearningPartner,
    Organisation,
    Relationship,
    clip,
    next_window,
)
from benchmarks.idiomatic_world import BURN_IN, parameters, ready_policy, world_and_luck

GOVERNANCE, COMMISSIONING, WORKFORCE, ACCOUNTABILITY = range(4)
SUPPORTED_BY = (
    (GOVERNANCE, ACCOUNTABILITY),
    (COMMISSIONING, WORKFORCE),
    (GOVERNANCE,),
    (GOVERNANCE, COMMISSIONING),
    (GOVERNANCE, COMMISSIONING, WORKFORCE),
    (ACCOUNTABILITY,),
    (WORKFORCE,),
    (GOVERNANCE, WORKFORCE),
    (COMMISSIONING, ACCOUNTABILITY),
)


def organisation_mean(model: "IdiomaticPlace", attribute: str) -> float:
    """Average an attribute over the organisations."""
    return model.organisations.agg(attribute, fmean)


def mean_trust(model: "IdiomaticPlace") -> float:
    """Average trust over the relationships, 0 without any."""
    return fmean([tie.trust for tie in model.relationships]) if model.relationships else 0.0


def mean_infrastructure(model: "IdiomaticPlace") -> float:
    """Average the four elements."""
    return fmean(model.infrastructure)


def reach(model: "IdiomaticPlace") -> float:
    """Share the organisations whose mean practice is above .3."""
    return fmean([organisation.mean_practice > 0.3 for organisation in model.organisations])


MODEL_REPORTERS = {
    "practice": partial(organisation_mean, attribute="mean_practice"),
    "perspective": partial(organisation_mean, attribute="perspective_practice"),
    "reach": reach,
    "trust": mean_trust,
    "partner_trust": partial(organisation_mean, attribute="partner_trust"),
    "pressure": partial(organisation_mean, attribute="pressure"),
    "rigidity": partial(organisation_mean, attribute="rigidity"),
    "failure_share": partial(organisation_mean, attribute="failure_share"),
    "infrastructure": mean_infrastructure,
    "evidence": partial(organisation_mean, attribute="evidence"),
    "learning": partial(organisation_mean, attribute="learning"),
    "strategic_window": "strategic_window",
}
# Names of their own: Mesa 3.5's batch_run puts both kinds of reporter into one row.
AGENT_REPORTERS = {Organisation: {"organisation_practice": "mean_practice", "organisation_pressure": "pressure"}}


class IdiomaticPlace(mesa.Model):
    """A place of organisations, their relationships, infrastructure and a learning partner.

    Without a world or luck they are drawn from the seed. `policy` describes a route as the reference cases
    do; without it the ready route of that name is taken. `months` are those after the burn-in.
    """

    def __init__(
        self,
        world: Mapping[str, Any] | None = None,
        luck: Mapping[str, Any] | None = None,
        *,
        params: Mapping[str, float] | None = None,
        route: str = "prototype",
        policy: Mapping[str, Any] | None = None,
        openness: str | int = "adaptive",
        organisations: int = 30,
        months: int = 120,
        seed: int | None = 0,
    ) -> None:
        super().__init__(rng=seed)
        self.params = p = parameters(params)
        self.months = BURN_IN + months
        self.month = 0
        world, luck = world_and_luck(world, luck, seed=seed, organisations=organisations, months=self.months)
        self.strategic_window: bool | None = None
        self.place_noise = 0.0
        self.infrastructure = [p.G0] * 4
        harder = {PERSPECTIVE: 1 - p.sdif, POWER: 1 + p.sdif, PARTICIPATION: 1.0}
        self.difficulty = [harder[domain] for domain in DOMAINS]
        self.place_luck, self.strategic_luck = luck["zpla"].tolist(), luck["ustr"].tolist()
        self.settle(world, luck)
        if policy is None:
            policy = ready_policy(route, openness)
        if route == "none":
            policy = {**policy, "phases": [], "months": []}
        self.partner = LearningPartner(self, policy=policy, opportunistic=route == "opportunistic")
        self.datacollector = mesa.DataCollector(model_reporters=MODEL_REPORTERS, agenttype_reporters=AGENT_REPORTERS)

    def settle(self, world: Mapping[str, Any], luck: Mapping[str, Any]) -> None:
        """Create the organisations and their relationships."""
        demand, energy, restructure = (luck[name].T.tolist() for name in ("zdem", "uene", "ushk"))
        numbers = range(len(world["size"]))
        exposure = world["exposure"] if "exposure" in world else [1.0 for _ in numbers]
        members = [
            Organisation(
                self,
                number=number,
                size=float(world["size"][number]),
                threshold_draw=float(world["zth"][number]),
                exposure=float(exposure[number]),
                practice=world["x0"][number].tolist(),
                luck={
                    "demand": demand[number],
                    "energy": energy[number],
                    "restructure": restructure[number],
                },
            )
            for number in numbers
        ]
        self.organisations = self.agents_by_type[Organisation]
        self.council = members[COUNCIL]
        ends = zip(world["src"].tolist(), world["dst"].tolist(), strict=True)
        breaches = luck["ubre"].T.tolist()
        self.relationships = [
            Relationship(members[i], members[j], clip(self.params.T0 * float(draw)), breaches[k])
            for k, ((i, j), draw) in enumerate(zip(ends, world["T0"], strict=True))
        ]

    def step(self) -> None:
        """Live one month, then record it."""
        self.meet_the_month()
        self.organisations.do("meet_the_month")
        self.organisations.do("weigh_demand")
        self.partner.spend_month()
        for relationship in self.relationships:
            relationship.meet(self.params, self.month)
        self.organisations.do("trust_the_partner")
        self.organisations.do("learn")
        self.organisations.do("change_practice")
        infrastructure = self.next_infrastructure()
        self.organisations.do("advance")
        for relationship in self.relationships:
            relationship.trust = relationship.next_trust
        self.infrastructure = infrastructure
        self.datacollector.collect(self)
        self.month += 1
        self.running = self.month < self.months

    def meet_the_month(self) -> None:
        """Open or shut the strategic window, move the place's noise, see what infrastructure holds."""
        p, month = self.params, self.month
        self.years = max(month - BURN_IN, 0) / 12
        self.demand_growth = (1 + p.g) ** self.years
        self.strategic_window = next_window(self.strategic_window, self.strategic_luck[month], p.won, p.woff)
        self.window_effect = 1.0 if self.strategic_window else p.ee
        spread = 1.0 if month == 0 else sqrt(1 - p.arc**2)
        self.place_noise = p.arc * self.place_noise + p.sigc * spread * self.place_luck[month]
        support = [sum(self.infrastructure[g] for g in elements) / len(elements) for elements in SUPPORTED_BY]
        self.ceiling = [p.k0 + (1 - p.k0) * held for held in support]
        self.slip_left = [1 - p.rG * held for held in support]

    def next_infrastructure(self) -> list[float]:
        """Rewire by the partner and by what organisations practise, as far as there is authority for it."""
        p = self.params
        vision = evidence = practised = 0.0
        for organisation in self.organisations:
            vision += organisation.size * organisation.practice[SHARED_VISION]
            evidence += organisation.size * organisation.evidence
            practised += organisation.size * organisation.headroom * organisation.mean_practice
        authority = 1 - (1 - vision) * (1 - evidence)
        gain = p.aG * min(1.0, self.partner.rewire + p.iG * practised) * authority
        return [clip(held + gain * (1 - held) - p.dG * held) for held in self.infrastructure]
