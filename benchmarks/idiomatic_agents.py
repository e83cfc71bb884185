"""The agents of the idiomatic Mesa version: organisations, their relationships, the learning partner.

Every equation reads this month's state: agents work out their next state in stages and take it on together
in `advance`. The equations stand in docs/odd.md. *Illustrative, not predictive.*
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, sqrt
from typing import TYPE_CHECKING, Any

import mesa

from benchmarks.idiomatic_world import BURN_IN, OVERT_ADAPTIVE, OVERT_FROM, THRESHOLD_RANGE, Phase

if TYPE_CHECKING:
    from benchmarks.idiomatic_mesa import IdiomaticPlace


PERSPECTIVE, POWER, PARTICIPATION = range(3)
DOMAINS = (PERSPECTIVE,) * 3 + (POWER,) * 3 + (PARTICIPATION,) * 3
SHARED_VISION, COLLECTIVE_LEARNING = 2, 8
COUNCIL = 0


def clip(value: float, low: float = 0.0, high: float = 1.0) -> float:
    """Keep a value within its range."""
    return low if value < low else high if value > high else value


def logistic(value: float) -> float:
    """Squash a value to 0-1, without overflow far below zero."""
    return 1 / (1 + exp(-value)) if value > -700 else 0.0


def saturating(days: float, half: float, power: int = 1) -> float:
    """Turn days a month into a dose of 0-1; zero days give zero."""
    return days**power / (days**power + half**power) if days > 0 else 0.0


def next_window(is_open: bool | None, chance: float, opens: float, closes: float) -> bool:
    """Open or shut a window; the first month it is open with its stationary share."""
    if is_open is None:
        return chance * (opens + closes) < opens
    return chance >= closes if is_open else chance < opens


class Relationship:
    """Two organisations and the trust between them."""

    __slots__ = ("first", "luck", "next_trust", "second", "trust")

    def __init__(self, first: Organisation, second: Organisation, trust: float, luck: list[float]) -> None:
        self.first = first
        self.second = second
        self.trust = trust
        self.next_trust = trust
        self.luck = luck
        first.ties.append((self, second))
        second.ties.append((self, first))

    def meet(self, p: Any, month: int) -> None:
        """Gain trust slowly by contact, lose it fast by a breach."""
        one, other = self.first, self.second
        headroom = one.headroom * other.headroom
        brought_together = sqrt(one.convene * other.convene) + sqrt(one.prototype * other.prototype)
        shared_practice = sqrt(one.mean_practice * other.mean_practice)
        contact = sqrt(headroom) * min(1.0, p.c0 + p.cx * shared_practice + p.cw * brought_together)
        trust = self.trust + p.gT * contact * (1 - self.trust) - p.dT * self.trust
        if self.luck[month] < p.pb0 + p.pbR * (1 - headroom):
            trust *= 1 - p.gB
        self.next_trust = clip(trust)


class Organisation(mesa.Agent):
    """An organisation that takes on the nine behaviours, or slips back."""

    def __init__(
        self,
        model: IdiomaticPlace,
        *,
        number: int,
        size: float,
        threshold_draw: float,
        exposure: float,
        practice: list[float],
        luck: dict[str, list[float]],
    ) -> None:
        super().__init__(model)
        p = model.params
        self.number = number
        self.size = size
        self.threshold_draw = threshold_draw
        self.threshold = clip(p.th + p.sth * threshold_draw, *THRESHOLD_RANGE)
        self.exposure = exposure
        self.luck = luck
        self.ties: list[tuple[Relationship, Organisation]] = []
        # state
        self.practice = self.next_practice = practice
        self.mean_practice = sum(practice) / len(practice)
        self.failure_demand = p.v0 * p.phi
        self.felt_pressure = p.v0 * (1 + p.phi)
        self.demand_noise = self.disruption = 0.0
        self.learning = self.next_learning = 0.0
        self.evidence = self.next_evidence = 0.0
        self.partner_trust = self.next_partner_trust = p.U0
        self.energy: bool | None = None
        self.effort = self.next_effort = 0.0
        # this month's
        self.value_demand = self.capacity = self.joint_effect = 0.0
        self.pressure = self.rigidity = self.failure_share = 0.0
        self.headroom = 1.0
        self.trust_around = self.maturity = self.readiness = 0.0
        self.receive_nothing()

    @property
    def perspective_practice(self) -> float:
        """Mean practice of the three perspective behaviours."""
        return sum(self.practice[:3]) / 3

    def receive_nothing(self) -> None:
        """Have no partner around this month."""
        self.help = self.convene = self.prototype = self.reflect = self.vision = 0.0
        self.open_talk = self.total_dose = 0.0

    def meet_the_month(self) -> None:
        """Take what comes from outside: energy, noise, a restructure, demand, the budget."""
        model, p, luck = self.model, self.model.params, self.luck
        month = model.month
        self.energy = next_window(self.energy, luck["energy"][month], p.eon, p.eoff)
        self.demand_noise = p.ar * self.demand_noise + p.sig * sqrt(1 - p.ar**2) * luck["demand"][month]
        restructure = p.hsh if luck["restructure"][month] < p.psh else 0.0
        self.disruption = min(0.5, self.disruption * (1 - 1 / 6) + restructure)
        self.value_demand = p.v0 * model.demand_growth * exp(self.demand_noise + model.place_noise)
        budget_left = (1 - self.exposure * p.c * (1 - p.cut_absorbed)) ** model.years
        self.capacity = budget_left * (1 - self.disruption)
        self.joint_effect = (sum([x**p.rho for x in self.practice]) / len(self.practice)) ** (1 / p.rho)

    def weigh_demand(self) -> None:
        """Feel failure demand, pressure and rigidity; see how mature relationships are."""
        p = self.model.params
        joint, between, trust_around = self.joint_effect, 0.0, 0.0
        for relationship, other in self.ties:
            between += relationship.trust * sqrt(joint * other.joint_effect)
            trust_around += relationship.trust
        if self.ties:
            between /= len(self.ties)
            trust_around /= len(self.ties)
        relief = p.eta * ((1 - p.kappa) * joint + p.kappa * between)
        target = self.value_demand * p.phi * (1 - relief)
        self.failure_demand = max(0.0, self.failure_demand + (target - self.failure_demand) / p.tauF)
        demand = self.value_demand + self.failure_demand
        self.failure_share = self.failure_demand / demand
        self.pressure = demand / (self.capacity * (1 - p.kc * self.effort))
        self.felt_pressure += (self.pressure - self.felt_pressure) / p.tauP
        threat = logistic((self.felt_pressure - p.Pstar) / p.sR)
        self.rigidity = clip(p.Rmax * threat * (1 - p.rR * self.learning))
        self.headroom = 1 - self.rigidity
        self.trust_around = trust_around
        self.maturity = 1 - (1 - self.partner_trust) * (1 - trust_around)
        self.readiness = logistic((self.maturity - p.thM) / p.sM)

    def trust_the_partner(self) -> None:
        """Let help and work build trust in the partner, and talk that comes too early cost it."""
        p, trust = self.model.params, self.partner_trust
        gain = p.gU * (self.help * (1 + p.chh * self.rigidity) + p.wU * self.total_dose)
        loss = p.dU + p.go * self.open_talk * self.total_dose * (1 - self.readiness)
        self.next_partner_trust = clip(trust + gain * (1 - trust) - loss * trust)

    def learn(self) -> None:
        """Reflect, learn from feedback, gather evidence by prototypes; forget the rest."""
        p, headroom, learning, evidence = self.model.params, self.headroom, self.learning, self.evidence
        gain = p.aL * self.reflect * (0.4 + 0.6 * headroom)
        gain += p.aL9 * self.practice[COLLECTIVE_LEARNING] * headroom
        self.next_learning = clip(learning + gain * (1 - learning) - p.dL * (1 + self.rigidity) * learning)
        shown = p.aY * self.prototype * self.mean_practice * (0.3 + 0.7 * learning)
        self.next_evidence = clip(evidence + shown * (1 - evidence) - p.dY * evidence)

    def look_around(self) -> tuple[list[float], float]:
        """Return neighbours' practice and evidence, weighted by trust over the number of ties."""
        practice, evidence = [0.0] * len(self.practice), 0.0
        for relationship, other in self.ties:
            trust = relationship.trust
            practice = [total + trust * x for total, x in zip(practice, other.practice, strict=True)]
            evidence += trust * other.evidence
        ties = len(self.ties) or 1
        return [total / ties for total in practice], evidence / ties

    def change_practice(self) -> None:
        """Move each behaviour by peers and partner, at the speed of relationships, and let it slip back."""
        model, p = self.model, self.model.params
        headroom, alpha, steepness = self.headroom, p.alpha, p.hill
        around, evidence_around = self.look_around()
        threshold = self.threshold * (1 - p.psi * min(1.0, self.evidence + evidence_around))
        social = (1 - p.lam) / threshold
        own = p.lam * self.mean_practice / threshold

        by_peers = headroom * self.trust_around**p.nu
        background, by_example = by_peers * p.eps, by_peers * p.wc
        led_speed = self.maturity**p.nu
        energy_effect = 1.0 if self.energy else p.ee
        led = led_speed * headroom * p.bo * self.open_talk * self.total_dose * self.readiness
        led += led_speed * p.bp * (headroom + p.prot * self.rigidity) * self.prototype * energy_effect
        envisioned = led + led_speed * headroom * p.bv * self.vision * model.window_effect
        slip = p.d0 * (1 + p.dR * self.rigidity) * (1 - p.rL * self.learning)

        next_practice, trying = [], 0.0
        conditions = zip(self.practice, around, DOMAINS, model.difficulty, model.ceiling, model.slip_left, strict=True)
        for x, seen, domain, difficulty, ceiling, slip_left in conditions:
            push = ((social * seen + own) / difficulty) ** steepness
            drive = background + by_example * push / (1 + push)
            drive += envisioned if domain == PERSPECTIVE else led
            move = min(1.0, drive) * max(ceiling - x, 0.0)
            trying += move
            next_practice.append(clip(x + alpha * move - slip * slip_left * x))
        self.next_practice = next_practice
        self.next_effort = clip(trying / len(next_practice))

    def advance(self) -> None:
        """Take on next month's state."""
        self.practice = self.next_practice
        self.mean_practice = sum(self.practice) / len(self.practice)
        self.partner_trust = self.next_partner_trust
        self.learning = self.next_learning
        self.evidence = self.next_evidence
        self.effort = self.next_effort


class LearningPartner(mesa.Agent):
    """Spends its days a month along a route, on sites and on the place."""

    def __init__(self, model: IdiomaticPlace, *, policy: Mapping[str, Any], opportunistic: bool) -> None:
        super().__init__(model)
        self.phases = [Phase(*shares) for shares in policy["phases"]]
        self.lengths: Sequence[int] = policy["months"]
        self.site_count: int = policy["sites"]
        self.openness: tuple[int, int, float] = policy["overt_mode"], policy["overt_t"], policy["overt"]
        self.opportunistic = opportunistic
        self.spent = [0] * len(self.phases)
        self.phase: int | None = None
        self.sites: set[Organisation] = set()
        self.rewire = 0.0

    def spend_month(self) -> None:
        """Give every organisation its doses, and the place its rewiring."""
        month = self.model.month - BURN_IN
        phase = self.current_phase(month)
        if phase is None:
            self.leave()
            return
        if phase != self.phase:
            self.phase = phase
            self.sites = self.choose_sites()
        self.spent[phase] += 1
        self.give(self.phases[phase])
        self.talk(month)

    def leave(self) -> None:
        """Be away: no doses, no rewiring."""
        if self.phase is not None:
            self.phase = None
            self.rewire = 0.0
            self.model.organisations.do("receive_nothing")

    def current_phase(self, month: int) -> int | None:
        """Find the phase of a programme month; an opportunistic partner follows the strategic window."""
        if month < 0:
            return None
        if self.opportunistic and month < sum(self.lengths[:2]):
            breadth_left = self.spent[0] < self.lengths[0]
            depth_left = self.spent[1] < self.lengths[1]
            return 0 if breadth_left and (self.model.strategic_window or not depth_left) else 1
        for phase, length in enumerate(self.lengths):
            if month < length:
                return phase
            month -= length
        return None

    def choose_sites(self) -> set[Organisation]:
        """Take the council and the organisations readiest for work."""
        others = [organisation for organisation in self.model.organisations if organisation.number != COUNCIL]
        others.sort(key=self.promise, reverse=True)
        return {self.model.council, *others[: self.site_count - 1]}

    def promise(self, organisation: Organisation) -> tuple[float, float]:
        """Score a possible site; the threshold's own draw breaks ties."""
        score = organisation.mean_practice + 0.5 * organisation.partner_trust - organisation.threshold
        if any(other.number == COUNCIL for _, other in organisation.ties):
            score += 0.3
        if self.opportunistic and organisation.energy:
            score += 1
        return score, organisation.threshold_draw

    def give(self, shares: Phase) -> None:
        """Turn days into doses, organisation by organisation."""
        p, organisations = self.model.params, self.model.organisations
        on_place_or_sites = shares.prototype + shares.vision
        mix = shares.prototype / on_place_or_sites if on_place_or_sites > 0 else 0.0
        vision = saturating(p.Q * shares.vision, p.dhv)
        self.rewire = saturating(p.Q * shares.rewire, p.dGh)
        for organisation in organisations:
            is_site = organisation in self.sites
            days = p.Q * ((mix / len(self.sites) if is_site else 0.0) + (1 - mix) / len(organisations))
            days_of_prototype = p.Q * shares.prototype / len(self.sites) if is_site else 0.0
            access = p.u0 + (1 - p.u0) * organisation.partner_trust
            organisation.help = saturating(days * shares.help, p.dh)
            organisation.convene = access * saturating(days * shares.convene, p.dh)
            organisation.reflect = access * saturating(days * shares.reflect, p.dh)
            organisation.prototype = access * saturating(days_of_prototype, p.dhp, 2)
            organisation.vision = vision
            total = organisation.help + organisation.convene + organisation.prototype + organisation.reflect + vision
            organisation.total_dose = total / (1 + total)

    def talk(self, month: int) -> None:
        """Talk openly of behaviours never, from a month on, or where relationships are ready."""
        mode, from_month, share = self.openness
        always = mode == OVERT_FROM and month >= from_month
        for organisation in self.model.organisations:
            ready = mode == OVERT_ADAPTIVE and organisation.readiness > 0.8
            organisation.open_talk = share if always or ready else 0.0
