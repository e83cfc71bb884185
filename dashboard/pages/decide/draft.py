"""Hold a choice while it is being made: what was set, how controls show it at a month, and the decision it means."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, field_serializer

from dashboard.pages.decide.branches import (
    DRAWN,
    LAST_MONTH,
    LONGEST_NAME,
    MOST_EVENTS,
    MOST_POINTS,
    MOST_SITES,
    SHAPES,
    Decision,
    Talk,
    event_data,
)
from dashboard.pages.decide.sentences import WORK
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
from simulation.scenario.value_objects import Frozen
from simulation.vocabulary import ACTIVITY_IDS

EVERYWHERE, KIND = "all", "kind:"
KEEP, CHOOSE, NAMED = "keep", "choose", "named"
LONGEST_ID = 200
AS_PLANNED, AT_ONCE = -1, 0
"""Months in which the partner can be set to leave, besides a month itself."""
_SAME = 5e-4
"""Shares of days closer than this are the same: sliders show a tenth of a per cent."""
SIZED = ("budget-change", "demand-shock")
LASTING = (*SIZED, "election-window")
PLACED = (*SIZED, "restructure", "champion-leaves")
ENDING = ("closure", "merger")
assert set(EVENT_TYPES) == {*LASTING, *PLACED, *ENDING, "funder-exit"}


Percent = Annotated[float, Field(ge=0, le=100)]
Name = Annotated[str, Field(max_length=LONGEST_ID)]


class EventDraft(Frozen):
    """An event as it is being chosen; no type: none."""

    type: Literal["", "budget-change", "demand-shock", "restructure", "champion-leaves", "funder-exit", "closure",
                  "merger", "election-window"] = ""  # fmt: skip
    size: float = Field(10.0, ge=-50, le=50)
    """Per cent."""
    months: int = Field(12, ge=1, le=60)
    where: Name = EVERYWHERE
    """Everywhere, "kind:" and a kind, or an organisation's id."""
    organisation: Name = ""
    into: Name = ""
    open: bool = True

    def changed(self, **changes: Any) -> "EventDraft":
        """Return a copy with other values."""
        return self.model_copy(update=changes)

    def among(self, ids: Mapping[str, str], kinds: tuple[str, ...]) -> "EventDraft":
        """Return what of it can be meant in a place: whom it does not have is not named."""
        there = {EVERYWHERE, *ids, *(f"{KIND}{kind}" for kind in kinds)}
        return self.changed(
            where=self.where if self.where in there else EVERYWHERE,
            organisation=self.organisation if self.organisation in ids else "",
            into=self.into if self.into in ids else "",
        )

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


class Intent(Frozen):
    """What somebody has set on the page and not decided yet; what was left alone is None, or empty.

    It is of no month: it stands while the run goes on, and is decided at the month at which it is taken.
    """

    shares: Annotated[tuple[Percent, ...], Field(min_length=len(ACTIVITY_IDS), max_length=len(ACTIVITY_IDS))] | None = (
        None
    )
    """Per cent of the days, by activity."""
    sites: Literal["", "keep", "choose", "named"] | None = None
    named: tuple[Name, ...] | None = Field(None, max_length=MOST_SITES)
    talk: Literal["", "never", "from-month", "adaptive"] | None = None
    leaving: int | None = Field(None, ge=AS_PLANNED, le=LAST_MONTH)
    removed: tuple[Event, ...] = Field((), max_length=MOST_EVENTS)
    """Events, decided before, that are to be taken away."""
    adding: EventDraft = EventDraft()
    name: str = Field("", max_length=LONGEST_NAME)
    """Name of the new branch."""
    shape: str = Field("", pattern=f"^({'|'.join(['', *SHAPES, DRAWN])})$")
    """Shape of the prediction that is being drawn."""
    points: tuple[tuple[int, Annotated[float, Field(ge=0, le=10)]], ...] = Field((), max_length=MOST_POINTS)
    """Months and values, 0-10, of a drawn line."""

    @field_serializer("removed")
    def _with_types(self, events: tuple[Event, ...]) -> list[dict[str, Any]]:
        return [event_data(event) for event in events]

    def changed(self, **changes: Any) -> "Intent":
        """Return a copy in which other things are set."""
        return self.model_copy(update=changes)

    def taken(self, month: int) -> "Intent":
        """Return what is left to be decided once the choice is taken: an event that is not all there, a prediction."""
        left = self.adding if self.adding.type and self.adding.event(month) is None else EventDraft()
        return Intent(adding=left, shape=self.shape, points=self.points)

    def shown(
        self, decision: Decision, in_force: Phase | None, ids: Mapping[str, str], kinds: tuple[str, ...]
    ) -> Draft:
        """Return the draft that controls show at the month of a branch's decision, in a place of these organisations.

        A month of leaving that has gone by means at once.
        """
        plain = draft_of(decision, in_force)
        month = decision.month
        leaving = plain.leaving if self.leaving is None else None if self.leaving < 0 else max(self.leaving, month)
        return Draft(
            shares=plain.shares if self.shares is None else dict(zip(ACTIVITY_IDS, self.shares, strict=True)),
            sites=plain.sites if self.sites is None else self.sites,
            named=plain.named if self.named is None else tuple(one for one in self.named if one in ids),
            talk=plain.talk if self.talk is None else self.talk,
            leaving=leaving,
            events=tuple(event for event in plain.events if event not in self.removed),
            adding=self.adding.among(ids, kinds),
        )

    def following(self, before: Draft, after: Draft, plain: Draft, month: int) -> "Intent":
        """Return the intent once controls that showed one draft show another; `plain` is the draft of no intent.

        What is put back to what it was without the intent is set no more.
        """
        changes: dict[str, Any] = {
            name: None if getattr(after, name) == getattr(plain, name) else getattr(after, name)
            for name in ("shares", "sites", "named", "talk", "leaving")
            if getattr(after, name) != getattr(before, name)
        }
        if changes.get("shares") is not None:
            changes["shares"] = tuple(float(after.shares[name]) for name in ACTIVITY_IDS)
        if "leaving" in changes and after.leaving != plain.leaving:
            meant = {None: AS_PLANNED, month: AT_ONCE}
            changes["leaving"] = meant.get(after.leaving, after.leaving)
        gone = tuple(event for event in before.events if event not in after.events)
        adding = self.adding if after.adding == before.adding else after.adding
        return self.changed(**changes, removed=(*self.removed, *gone)[-MOST_EVENTS:], adding=adding)


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
