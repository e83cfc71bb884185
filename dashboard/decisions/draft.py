"""Hold a choice while it is being made, as controls show it, and make a decision of what differs from before."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, get_args

from dashboard.decisions.decision import Decision, Talk
from dashboard.decisions.sentences import WORK
from simulation.scenario import Phase, Shares
from simulation.scenario.events import (
    EVENT_TYPES,
    BudgetChange,
    ChampionLeaves,
    Closure,
    DemandShock,
    ElectionWindow,
    Event,
    FunderExit,
    Merger,
    Restructure,
)
from simulation.vocabulary import ACTIVITY_IDS

EVERYWHERE, KIND = "all", "kind:"
KEEP, CHOOSE, NAMED = "keep", "choose", "named"
_SAME = 5e-4
"""Shares of days closer than this are the same: sliders show a tenth of a per cent."""
SIZED = ("budget-change", "demand-shock")
LASTING = (*SIZED, "election-window")
PLACED = (*SIZED, "restructure", "champion-leaves")
ENDING = ("closure", "merger")
assert set(EVENT_TYPES) == {*LASTING, *PLACED, *ENDING, "funder-exit"}


@dataclass(frozen=True)
class EventDraft:
    """An event as it is being chosen; no type: none."""

    type: str = ""
    size: float = 10.0
    """Per cent."""
    months: int = 12
    where: str = EVERYWHERE
    """Everywhere, "kind:" and a kind, or an organisation's id."""
    organisation: str = ""
    into: str = ""
    open: bool = True

    def event(self, month: int) -> Event | None:
        """Return the event at a month, or None where nothing is chosen, or not yet enough."""
        whom = self._whom()
        if self.type == "budget-change":
            return BudgetChange(month=month, size=self.size / 100, months=self.months, **whom)
        if self.type == "demand-shock":
            return DemandShock(month=month, size=self.size / 100, months=self.months, **whom)
        if self.type == "restructure":
            return Restructure(month=month, **whom)
        if self.type == "champion-leaves":
            return ChampionLeaves(month=month, **whom)
        if self.type == "funder-exit":
            return FunderExit(month=month)
        if self.type == "election-window":
            return ElectionWindow(month=month, open=self.open, months=self.months)
        if self.type == "closure" and self.organisation:
            return Closure(month=month, organisation=self.organisation)
        if self.type == "merger" and self.organisation and self.into and self.organisation != self.into:
            return Merger(month=month, organisation=self.organisation, into=self.into)
        return None

    def _whom(self) -> dict[str, Any]:
        if self.where == EVERYWHERE:
            return {}
        if self.where.startswith(KIND):
            return {"kinds": (self.where.removeprefix(KIND),)}
        return {"organisations": (self.where,)}


@dataclass(frozen=True)
class Draft:
    """What the controls show: shares of days in per cent, and what is to be otherwise; "" leaves it as it is."""

    shares: Mapping[str, float]
    sites: str = ""
    named: tuple[str, ...] = ()
    talk: str = ""
    leaving: int | None = None
    """Month in which the partner leaves; None as planned."""
    events: tuple[Event, ...] = ()
    adding: EventDraft = field(default_factory=EventDraft)

    @property
    def total(self) -> float:
        """Per cent of the days that are given out."""
        return sum(self.shares.values())

    def with_share(self, activity: str, percent: float) -> "Draft":
        """Return a draft with another share of days."""
        return replace(self, shares={**self.shares, activity: percent})

    def scaled(self) -> "Draft":
        """Return a draft whose shares are in the same proportion and give out all days, in tenths of a per cent."""
        if not self.total:
            return self
        shares = {name: int(1000 * share / self.total) / 10 for name, share in self.shares.items()}
        most = max(shares, key=lambda name: shares[name])
        shares[most] = round(shares[most] + 100 - sum(shares.values()), 1)
        return replace(self, shares=shares)


def draft_of(decision: Decision, in_force: Phase | None) -> Draft:
    """Return the draft that shows a decision; where it says nothing, what is in force."""
    shares = decision.shares or (in_force.shares if in_force is not None else Shares())
    named = decision.sites if isinstance(decision.sites, tuple) else ()
    return Draft(
        shares={name: round(100 * share, 1) for name, share in zip(ACTIVITY_IDS, shares.as_tuple(), strict=True)},
        sites=NAMED if isinstance(decision.sites, tuple) else decision.sites or "",
        named=named,
        talk=decision.open_talk or "",
        leaving=decision.until,
        events=decision.events,
    )


def decision_of(draft: Draft, month: int, in_force: Phase | None) -> Decision:
    """Return the decision that a draft means at a month: only what differs from what is in force is said.

    Raises ValueError in words where more days are given out than there are.
    """
    if draft.total > 100 + 1e-7:
        msg = f"{draft.total:g}% of the days are given out: take {draft.total - 100:g}% away"
        raise ValueError(msg)
    shares = {name: share / 100 for name, share in draft.shares.items()}
    before = dict(zip(ACTIVITY_IDS, in_force.shares.as_tuple(), strict=True)) if in_force is not None else {}
    same = all(abs(shares[name] - before.get(name, 0.0)) < _SAME for name in ACTIVITY_IDS)
    added = draft.adding.event(month)
    talks: tuple[Talk, ...] = get_args(Talk)
    return Decision(
        month=month,
        shares=None if same or draft.leaving == month else Shares(**shares),
        sites=draft.named if draft.sites == NAMED else draft.sites if draft.sites in (KEEP, CHOOSE) else None,
        open_talk=next((talk for talk in talks if talk == draft.talk), None),
        until=draft.leaving,
        events=(*draft.events, *([added] if added is not None else [])),
    )


def name_for(decision: Decision, before: Shares | None) -> str:
    """Return a short name for a branch that begins with a decision: what grows most, or what happens."""
    month = decision.month
    if decision.until == month:
        return f"Partner leaves at {month}"
    if decision.shares is not None:
        then = before.as_tuple() if before is not None else (0.0,) * len(ACTIVITY_IDS)
        gains = {n: now - old for n, now, old in zip(ACTIVITY_IDS, decision.shares.as_tuple(), then, strict=True)}
        most = max(gains, key=lambda name: gains[name])
        if gains[most] >= _SAME:
            return f"More {WORK[most].removesuffix(' of infrastructure')} from {month}"
        return f"Fewer days from {month}"
    if decision.events:
        return f"{decision.events[0].type.replace('-', ' ').capitalize()} at {decision.events[0].month}"
    if decision.open_talk is not None:
        return {"never": "No open talk", "from-month": "Open talk"}.get(
            decision.open_talk, "Talk when ready"
        ) + f" from {month}"
    return f"From month {month}"
