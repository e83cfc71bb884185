"""Say decisions in plain words: "From month 24: more prototypes (45% of days, before 10%), less vision (none)"."""

from collections.abc import Mapping, Sequence

from dashboard.pages.decide.branches import DRAWN, SHAPES, Branch, Decision, Prediction, Tree
from experiments.reporting.numbers import capital, joined
from simulation.scenario import Shares
from simulation.scenario.events import (
    BudgetChange,
    ChampionLeaves,
    Closure,
    DemandShock,
    Event,
    FunderExit,
    Merger,
    Restructure,
)
from simulation.vocabulary import ACTIVITY_IDS, KINDS

Names = Mapping[str, str]

WORK = dict(
    zip(
        ACTIVITY_IDS,
        ("help", "convening", "prototypes", "vision", "reflection", "rewiring of infrastructure"),
        strict=True,
    )
)
"""How the activities are called within a sentence."""
TALK = {
    "never": "no open talk about behaviours",
    "from-month": "talk openly about behaviours from now on",
    "adaptive": "talk openly about behaviours where relationships are ready",
}
KIND_WORDS = {kind.id: kind.title for kind in KINDS}
SMALLEST_SHARE = 0.005
"""Shares of days that differ by less are called the same: they read alike in whole per cent."""


def decision_sentence(decision: Decision, *, before: Shares | None = None, names: Names | None = None) -> str:
    """Say what a decision changes, in one sentence; `before` is how days were shared until then (None: no partner)."""
    if decision.is_empty:
        return f"From month {decision.month}: nothing is changed."
    return f"From month {decision.month}: {'; '.join(_parts(decision, before, names or {}))}."


def _parts(decision: Decision, before: Shares | None, names: Names) -> list[str]:
    leaves_now = decision.until == decision.month
    parts = []
    if decision.shares is not None and not leaves_now:
        parts.append(shares_words(decision.shares, before))
    if decision.sites is not None and not leaves_now:
        parts.append(_sites(decision.sites, names))
    if decision.open_talk is not None and not leaves_now:
        parts.append(TALK[decision.open_talk])
    if leaves_now:
        parts.append("the learning partner leaves")
    elif decision.until is not None:
        parts.append(f"the learning partner stays until month {decision.until}")
    return [*parts, *(event_words(event, names, since=decision.month) for event in decision.events)]


def shares_words(shares: Shares, before: Shares | None) -> str:
    """Say how days are shared: against what was before, or alone where there was no partner."""
    now = dict(zip(ACTIVITY_IDS, shares.as_tuple(), strict=True))
    if before is None:
        spent = [f"{WORK[name]} {_percent(share)}" for name, share in now.items() if share >= SMALLEST_SHARE]
        return f"the learning partner’s days go to {joined(spent)}" if spent else "no days are spent"
    then = dict(zip(ACTIVITY_IDS, before.as_tuple(), strict=True))
    changed = sorted(
        (name for name in ACTIVITY_IDS if abs(now[name] - then[name]) >= SMALLEST_SHARE),
        key=lambda name: (then[name] - now[name], ACTIVITY_IDS.index(name)),
    )
    if not changed:
        return "days go where they went before"
    return ", ".join(_change(name, then[name], now[name]) for name in changed)


def _change(name: str, then: float, now: float) -> str:
    if now < SMALLEST_SHARE:
        return f"no {WORK[name]} (before {_percent(then)})"
    before = "none" if then < SMALLEST_SHARE else _percent(then)
    return f"{'more' if now > then else 'less'} {WORK[name]} ({_percent(now)} of days, before {before})"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _sites(sites: str | tuple[str, ...], names: Names) -> str:
    if sites == "keep":
        return "the sites stay"
    if sites == "choose":
        return "sites are chosen anew"
    return f"work goes on at {_several(sites, names)}" if sites else "no sites"


def event_words(event: Event, names: Names | None = None, *, since: int | None = None) -> str:
    """Say what happens; the month is left out where it is `since`."""
    words = _event(event, names or {})
    return words if event.month == since else f"at month {event.month} {words}"


def _event(event: Event, names: Names) -> str:
    if isinstance(event, BudgetChange):
        way = "rise" if event.size > 0 else "fall"
        return f"budgets {way} by {_percent(abs(event.size))} over {_months(event.months)} {_where(event, names)}"
    if isinstance(event, DemandShock):
        way = "rises" if event.size > 0 else "falls"
        return f"demand {way} by {_percent(abs(event.size))} for {_months(event.months)} {_where(event, names)}"
    if isinstance(event, Restructure):
        return f"a restructure {_where(event, names)}"
    if isinstance(event, ChampionLeaves):
        return f"a champion leaves {_where(event, names)}"
    if isinstance(event, FunderExit):
        return "the funder ends the learning partner’s days"
    if isinstance(event, Closure):
        return f"{names.get(event.organisation, event.organisation)} closes"
    if isinstance(event, Merger):
        return f"{names.get(event.organisation, event.organisation)} merges into {names.get(event.into, event.into)}"
    return f"the place’s strategic window is held {'open' if event.open else 'shut'} for {_months(event.months)}"


def _where(event: BudgetChange | DemandShock | Restructure | ChampionLeaves, names: Names) -> str:
    kinds = [KIND_WORDS.get(kind, kind).lower() for kind in event.kinds]
    if event.organisations == "all":
        return f"in {joined(kinds)}" if kinds else "everywhere"
    named = [_several(event.organisations, names)] if event.organisations else []
    return f"at {joined([*named, *kinds])}"


def _several(ids: Sequence[str], names: Names) -> str:
    words = [names.get(identity, identity) for identity in ids]
    return joined(words if len(words) <= 4 else [*words[:3], f"{len(words) - 3} more"])


def _months(number: int) -> str:
    return "1 month" if number == 1 else f"{number} months"


def prediction_sentence(prediction: Prediction) -> str:
    """Say what is expected."""
    if prediction.shape == DRAWN:
        points = joined([f"{10 * value:.1f} at month {month}" for month, value in prediction.points])
        return f"From month {prediction.month} you expect practice of {points}."
    return f"From month {prediction.month} you expect that practice {SHAPES[prediction.shape].title}."


def change_sentence(
    before: Tree, after: Tree, *, shares: Mapping[int, Shares | None] | None = None, names: Names | None = None
) -> str:
    """Say what changed from one tree to the next; `shares` are how days were shared before a decision, by its month."""
    old, new = before.branches, after.branches
    if len(new) > len(old):
        added = new[-1]
        parent = new[added.parent or 0].name
        made = [decision_sentence(one, before=(shares or {}).get(one.month), names=names) for one in added.decisions]
        return " ".join([f"New branch “{added.name}”, as “{parent}” until month {added.month}.", *made])
    if len(new) < len(old):
        kept = {branch.name for branch in new}
        return f"Taken away: {joined([f'“{branch.name}”' for branch in old if branch.name not in kept])}."
    changes = [_branch_change(one, two, shares or {}, names or {}) for one, two in zip(old, new, strict=True)]
    return " ".join(change for change in changes if change) or "Nothing is changed."


def _branch_change(before: Branch, after: Branch, shares: Mapping[int, Shares | None], names: Names) -> str:
    """Say what changed in one branch; nothing where it is the same."""
    said = []
    if before.name != after.name:
        said.append(f"“{before.name}” is now called “{after.name}”.")
    kept = {decision.month for decision in after.decisions}
    said += [
        f"“{after.name}”: {_first_low(decision_sentence(one, before=shares.get(one.month), names=names))}"
        for one in after.decisions
        if one not in before.decisions
    ]
    said += [
        f"“{after.name}”: what was decided at month {one.month} is taken back."
        for one in before.decisions
        if one.month not in kept
    ]
    if before.prediction != after.prediction:
        what = prediction_sentence(after.prediction) if after.prediction else "Your prediction is taken away."
        said.append(f"“{after.name}”: {_first_low(what)}")
    return " ".join(said)


def _first_low(text: str) -> str:
    return text[:1].lower() + text[1:]


def summary(decisions: Sequence[Decision], *, names: Names | None = None) -> str:
    """Say all decisions of a branch, one after another; days as they are shared, not what they were before."""
    if not decisions:
        return "Nothing is decided: all goes as planned."
    shares: Shares | None = None
    sentences = []
    for decision in decisions:
        sentences.append(decision_sentence(decision, before=shares, names=names))
        shares = decision.shares if decision.shares is not None else shares
    return " ".join(map(capital, sentences))
