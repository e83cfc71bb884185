"""Cut a route at a month and let decided work follow: what was before that month stays as it was, to the bit.

Each decision begins a phase of its own. Earlier phases keep their places in the route, so a run that was forked at
that month and one that starts from the beginning enter the new phase alike.
"""

from collections.abc import Sequence

from dashboard.decisions.decision import Decision
from simulation.scenario import Phase, Route, Shares


def decided_route(route: Route, decision: Decision, *, months: int) -> Route:
    """Return a route in sequence that goes as before until the decision; `months` is when the run ends."""
    if not decision.changes_route:
        return route
    before, after = cut(route.phases, decision.month)
    work = _new_work if decision.shares is not None else _same_work
    phases = [*before, *work(before, after, decision, months)]
    if decision.until is not None:
        phases = cut(phases, decision.until)[0]
    talks_from = min(route.open_from, decision.month) if decision.open_talk == "from-month" else route.open_from
    return route.model_copy(update={"phases": tuple(phases), "open_from": talks_from})


def cut(phases: Sequence[Phase], month: int) -> tuple[list[Phase], list[Phase]]:
    """Return the phases before a month and those from it on; of one that is cut, the second part keeps its sites."""
    before, after, left = [], [], month
    for phase in phases:
        if left >= phase.months:
            before.append(phase)
        elif left > 0:
            before.append(phase.model_copy(update={"months": left}))
            after.append(phase.model_copy(update={"months": phase.months - left, "sites": "keep"}))
        else:
            after.append(phase)
        left = max(left - phase.months, 0)
    return before, after


def phase_at(route: Route, month: int) -> Phase | None:
    """Return the phase of a route in sequence that contains a month; None where there is no partner."""
    after = cut(route.phases, month)[1]
    return after[0] if after and not _is_pause(after[0]) else None


def _new_work(before: list[Phase], after: list[Phase], decision: Decision, months: int) -> list[Phase]:
    """Return the phase in which days are spent as decided, after a pause where the partner had left."""
    month, end = decision.month, _length(before) + _length(after)
    leaving = decision.until if decision.until is not None else end if end > month else months
    if leaving <= month:
        return []
    worked = [phase for phase in before if not _is_pause(phase)]
    planned = [*worked, *after[:1]]
    usual = "keep" if worked else after[0].sites if after else "choose"
    phase = Phase(
        name=f"Decided at month {month}",
        months=leaving - month,
        shares=decision.shares or Shares(),
        sites=usual if decision.sites is None else decision.sites,
        open_talk=decision.open_talk or (planned[-1].open_talk if planned else None),
    )
    away = month - _length(before)
    pause = [Phase(name="No partner", months=away, shares=Shares(), sites=(), open_talk="never")] if away else []
    return [*pause, phase]


def _same_work(before: list[Phase], after: list[Phase], decision: Decision, months: int) -> list[Phase]:
    """Return the work that was planned, at other sites or with other talk; longer, where the partner stays longer."""
    month, end = decision.month, _length(before) + _length(after)
    more = (decision.until or 0) - end
    if more > 0 and after:
        after = [*after[:-1], after[-1].model_copy(update={"months": after[-1].months + more})]
    elif more > 0 and before and end == month:
        after = [before[-1].model_copy(update={"months": more, "sites": "keep"})]
    if decision.open_talk is not None:
        after = [phase.model_copy(update={"open_talk": decision.open_talk}) for phase in after]
    if decision.sites is not None and after:
        after = [after[0].model_copy(update={"sites": decision.sites}), *after[1:]]
    return after


def _is_pause(phase: Phase) -> bool:
    """Tell whether the partner is away: nothing is done, nowhere."""
    return phase.sites == () and not any(phase.shares.as_tuple())


def _length(phases: Sequence[Phase]) -> int:
    return sum(phase.months for phase in phases)
