"""Sentences and page of a fit."""

from collections.abc import Callable, Sequence
from math import floor, log10
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from experiments.calibration.observations import Observation
from experiments.calibration.plausible_sets import PLAN, PLAN_SETS, REPLICATES, Fit, distinct, equal_sets
from experiments.calibration.posterior import CAN_NOT, CHANCE, FEWEST, HARDLY, LITTLE, NARROW, TRADE_OFF, Told, TradeOff
from experiments.calibration.priors import DEFAULT, OFFSET, WHY_DEFAULT
from experiments.comparison import Subject
from experiments.reporting.figures.sheet import Picture
from experiments.reporting.html import Cell, Row, render, subject_values
from experiments.reporting.numbers import capital, joined
from experiments.reporting.phrases import say
from simulation.initial import roster
from simulation.outcomes import number
from simulation.parameters import BY_NAME
from simulation.state import Floats, Integers
from simulation.text import counted
from simulation.vocabulary import BEHAVIOUR_IDS, BEHAVIOURS, GROUPS, KINDS

Z90 = 1.6449
"""Standard errors to either side of a 90% interval."""
ALL = "all observations"


_Sort = tuple[str, Sequence[tuple[str, str]], Callable[[Observation], str]]


class Panel(NamedTuple):
    """Some of the observations, by month."""

    about: str
    name: str
    title: str
    months: dict[int, Integers]


def panels(fit: Fit) -> tuple[Panel, ...]:
    """Return every panel that there are observations for; where there is only one of a sort, it is left out."""
    seen = fit.plan.targets.observations
    people = roster(fit.plan.scenario.place)
    kind_of = dict(zip(people.ids, people.kinds, strict=True))
    by_behaviour = {behaviour.id: behaviour for behaviour in BEHAVIOURS}
    sorts: tuple[_Sort, ...] = (
        ("group", [(group, f"{group.capitalize()} behaviours") for group in GROUPS], lambda one: one.group),
        (
            "behaviour",
            [(b.id, f"{b.number}. {b.id.replace('_', ' ').capitalize()}") for b in by_behaviour.values()],
            lambda one: one.behaviour,
        ),
        ("kind", [(kind.id, kind.title) for kind in KINDS], lambda one: kind_of.get(one.organisation, "")),
    )
    groups = [one.group for one in {one.behaviour: one for one in seen}.values() if one.group]
    if len(set(groups)) == len(groups):  # a behaviour a group: the same numbers twice
        sorts = (sorts[0], sorts[2])
    found = [_panel("all", ALL, "All observations", seen, lambda _: True)]
    for about, names, key in sorts:
        some = [_panel(about, name, title, seen, lambda one, name=name, key=key: key(one) == name)  # type: ignore[misc]
                for name, title in names]  # fmt: skip
        some = [panel for panel in some if panel.months]
        found += some if len(some) > 1 else []
    return tuple(found)


def _panel(
    about: str, name: str, title: str, seen: Sequence[Observation], holds: Callable[[Observation], bool]
) -> Panel:
    rows: dict[int, list[int]] = {}
    for k, one in enumerate(seen):
        if holds(one):
            rows.setdefault(one.month, []).append(k)
    return Panel(about, name, title, {month: np.array(rows[month]) for month in sorted(rows)})


def panel_table(fit: Fit) -> pl.DataFrame:
    """Return what was observed and what plausible sets predict, a row a panel and month; scores and practice on 0-10.

    `observed` is the mean score, `error` its standard error. `low` and `high` hold nine in ten of what plausible sets
    predict for the mean as perceived, `lower` and `upper` half; `practice` is the middle one as enacted;
    `before_low` and `before_high` hold nine in ten over the whole prior.
    """
    scores = fit.plan.scores
    errors = fit.plan.world.errors
    before = _before(fit)
    rows = []
    for panel in panels(fit):
        for month, at in panel.months.items():
            perceived = fit.predictions.perceived[:, at].mean(axis=1)
            low, lower, middle, upper, high = np.quantile(perceived, (0.05, 0.25, 0.5, 0.75, 0.95))
            before_low, before_high = np.quantile(before[:, at].mean(axis=1), (0.05, 0.95))
            practice = np.median(fit.predictions.practice[:, at].mean(axis=1))
            error = np.sqrt((errors[at] ** 2).sum()) / len(at)
            numbers = (scores[at].mean(), error, low, lower, middle, upper, high, practice, before_low, before_high)
            rows.append((panel.about, panel.name, month, len(at), *(10 * float(number) for number in numbers)))
    columns = ("about", "panel", "month", "observations", "observed", "error", "low", "lower", "median", "upper",
               "high", "practice", "before_low", "before_high")  # fmt: skip
    return pl.DataFrame(rows, schema=list(columns), orient="row")


def observation_table(fit: Fit) -> pl.DataFrame:
    """Return every observation with what plausible sets predict for it; scores on 0-10."""
    low, middle, high = 10 * np.quantile(fit.predictions.scores, (0.05, 0.5, 0.95), axis=0)
    rows = [
        (one.line, one.organisation or "all", one.behaviour or "all", one.month, 10 * one.score, 10 * one.error,
         float(low[k]), float(middle[k]), float(high[k]), bool(low[k] <= 10 * one.score <= high[k]))
        for k, one in enumerate(fit.plan.targets.observations)
    ]  # fmt: skip
    columns = ("line", "organisation", "behaviour", "month", "score", "error", "low", "median", "high", "inside")
    return pl.DataFrame(rows, schema=list(columns), orient="row")


def _before(fit: Fit) -> Floats:
    """Return what the pilot's sets predict as perceived (n, K)."""
    offsets = np.array([fit.plan.chosen.offset(values.tolist()) for values in fit.pilot.values])
    found: Floats = fit.pilot.practice[:, 0] + offsets[:, None]
    return found


# Put what a fit found into sentences, computed from its numbers and from nothing else.


PERCEIVED = (
    "Perceived practice is not enacted practice: scores are taken as practice, plus one perception offset that all "
    "organisations share, plus the chance of who answers. The offset is fitted with the parameters."
)
PLAUSIBLE = (
    "A set that reproduces the observations is plausible within this model, no more: other sets, and other models, "
    "would too."
)


def place(fit: Fit) -> str:
    """Return the place in words."""
    scenario = fit.plan.scenario
    return scenario.title or scenario.place.title or scenario.name or "the place"


def parameters(fit: Fit) -> tuple[Told, ...]:
    """Return the unknowns that are parameters of the model: all but the perception offset."""
    return tuple(one for one in fit.told if one.name != OFFSET)


def of_verdict(fit: Fit, verdict: str) -> tuple[Told, ...]:
    """Return the parameters with a verdict."""
    return tuple(one for one in parameters(fit) if one.verdict == verdict)


def what_sets_are(fit: Fit) -> str:
    """Say what a set is worth; where the model can't reproduce the data, nothing."""
    return PLAUSIBLE if fit.agreement.reproduces else ""


def headline(fit: Fit) -> str:
    """Return the finding in one line."""
    where, number_of = place(fit), len(parameters(fit))
    if not fit.agreement.reproduces:
        return f"The model can’t reproduce these observations of {where}"
    narrowed, leans = of_verdict(fit, "narrowed"), of_verdict(fit, "leans")
    of = f"{number_of} parameters" if number_of > 1 else "one parameter"
    if narrowed:
        return f"These observations narrow {len(narrowed)} of {of} in {where}"
    if leans:
        return f"These observations bear on {len(leans)} of {of} in {where}, but narrow none"
    return f"These observations can’t tell the parameters of {where} apart"


def sentences(fit: Fit) -> list[str]:
    """Return what may be said, the most important first."""
    said = [agreement_sentence(fit)]
    if fit.agreement.reproduces:
        said += [told_sentence(one) for one in (*of_verdict(fit, "narrowed"), *of_verdict(fit, "leans"))]
        said += silent_sentences(fit)
        said += [trade_off_sentence(pair) for pair in fit.trade_offs]
    else:
        said.append(LEAST_BAD)
    said.append(offset_sentence(fit))
    return [*said, luck_sentence(fit), quality_sentence(fit)]


def agreement_sentence(fit: Fit) -> str:
    """Say whether the model reproduces the observations."""
    agrees = fit.agreement
    shares = f"{_in_100(agrees.chance)} of 100 data sets that these sets make with other luck lie as far out"
    outside = f"{_percent(agrees.outside)} of single scores lie outside their 90% ranges"
    if agrees.reproduces:
        how = "hardly reproduces" if agrees.hardly else "reproduces"
        return f"The model {how} the observations: {shares}; {outside}."
    elsewhere = (
        "though some from elsewhere in the ranges do: the fit may not have come near enough"
        if agrees.elsewhere
        else "and none from all over the ranges that were tried does"
    )
    return f"The model can’t reproduce the observations: {shares}, {elsewhere}; {outside}."


LEAST_BAD = (
    "The sets are the least bad ones, not plausible ones, and nothing is to be read from them. Look first at the "
    "scale, the programme’s start, the route, and practice at the start in the place’s files; then at the ranges, the "
    "perception offset’s among them."
)


def told_sentence(told: Told) -> str:
    """Say how far one unknown has narrowed."""
    what = f"{told.name} ({meaning(told)})"
    between = f"{value(told, told.low)} to {value(told, told.high)}"
    if told.verdict == "narrowed":
        return f"{what}: {say(told.verdict)} to {between}, {width_words(told)}."
    if told.verdict == "leans":
        middle = (told.prior_low + told.prior_high) / 2
        side = "lower" if told.median < middle else "higher"
        return f"{what}: {say(told.verdict)} to {side} values, but {between} is left, {width_words(told)}."
    return f"{what}: {say(told.verdict)}; {between}, {width_words(told)}."


def silent_sentences(fit: Fit) -> list[str]:
    """Say of which parameters the data can't tell, and whether data of this shape ever could."""
    silent = of_verdict(fit, "can't tell")
    if not silent:
        return []
    if fit.last.effective < FEWEST:
        few = f"The sets are worth only {fit.last.effective:.0f} of equal weight, too few to tell anything"
        return [f"{few}: take more with --particles."]
    never = [one for one in silent if one.explained < LITTLE]
    could = [one for one in silent if one.explained >= LITTLE]
    said = []
    if never:
        said.append(
            f"The data can’t tell {_list(never)}, and data of this shape hardly ever could: over "
            f"the ranges, they explain less than {_percent(LITTLE)} of how these vary."
        )
    if could:
        most = max(one.explained for one in could)
        said.append(
            f"The data can’t tell {_list(could)}: what is left is no narrower than chance would "
            f"leave it. Data of this shape explain at most {_percent(most)} of how they vary over the ranges; more "
            "organisations, more respondents or later months might tell more."
        )
    return said


def trade_off_sentence(pair: TradeOff) -> str:
    """Say that two unknowns make up for one another."""
    how = (
        "more of one goes with more of the other"
        if pair.correlation > 0
        else "more of one makes up for less of the other"
    )
    size = number(pair.correlation, 1, signed=True)
    return f"{pair.first} and {pair.second}: {how} in the sets (correlation {size}); their combination is told better."


def offset_sentence(fit: Fit) -> str:
    """Say how far scores stand above practice."""
    found = next((one for one in fit.told if one.name == OFFSET), None)
    if found is None:
        fixed = fit.plan.chosen.priors[-1].low
        return f"Scores were taken to stand {number(10 * fixed, 1, signed=True)} of 10 from practice, as was asked."
    if not fit.agreement.reproduces:
        return PERCEIVED
    between = f"{value(found, found.low)} to {value(found, found.high)} of 10"
    before = f"{value(found, found.prior_low)} to {value(found, found.prior_high)}"
    return (
        f"Perceived is not enacted: in these sets scores stand {between} from practice as the model has it "
        f"({before} before). Scores alone can’t check that; it rests on the model."
    )


def luck_sentence(fit: Fit) -> str:
    """Say how far luck alone moves what is observed."""
    month, rows = fit.plan.targets.months[-1], fit.plan.how
    last = next(one for one in rows if one.month == month and one.kind == "mean")
    means = fit.pilot.practice[..., last.rows[0]].mean(axis=-1)
    luck = float(np.sqrt(((means[:, 0] - means[:, 1]) ** 2).mean() / 2))
    return (
        f"Luck alone moves the mean of month {month} by ±{number(10 * luck, 1)} of 10 (one standard deviation): the "
        "same set tells another story on another seed, and no number of respondents takes that away."
    )


def quality_sentence(fit: Fit) -> str:
    """Say how the sets were found and how many they are worth."""
    last = fit.last
    many = f"{len(fit.populations)} populations" if len(fit.populations) > 1 else "one population"
    return (
        f"{fit.simulations:,} runs, {many}; it ended because {fit.why_ended}. The last accepted "
        f"{_percent(last.accepted)} of its runs; its {len(last.weights)} sets are worth {last.effective:.0f} of equal "
        f"weight. They lie within {last.distance:.1f} of the observations, where two runs of one set are about 1.4 "
        f"apart{': intervals are rather too wide than too narrow' if fit.agreement.reproduces else ''}."
    )


def meaning(told: Told) -> str:
    """Return what an unknown is."""
    if told.name == OFFSET:
        return "how far scores stand above practice, points of 10"
    return BY_NAME[told.name].meaning if told.name in BY_NAME else "of the scenario"


def value(told: Told, at: float) -> str:
    """Write a value of an unknown; the perception offset in points of 10."""
    if told.name == OFFSET:
        return number(10 * at, 1, signed=True)
    return number(at, max(0, 1 - floor(log10(told.prior_high - told.prior_low))))


def width_words(told: Told) -> str:
    """Say how wide an interval is."""
    return f"{_percent(told.ratio)} as wide as before"


def explained_words(told: Told) -> str:
    """Say how much data of this shape tell of an unknown on average."""
    return _percent(told.explained)


def months_words(months: Sequence[int]) -> str:
    """Return months for a sentence."""
    if len(months) > 6:
        return f"{len(months)} months from month {months[0]} to {months[-1]}"
    return f"month {months[0]}" if len(months) == 1 else f"months {joined([str(month) for month in months])}"


def _list(told: Sequence[Told]) -> str:
    return joined([one.name for one in told])


def _percent(share: float) -> str:
    return f"{number(100 * share, 0)}%"


def _in_100(share: float) -> str:
    return "fewer than 1" if share < 0.01 else f"about {100 * share:.0f}"


RULE = {
    "can_not": f"{100 * CAN_NOT:.0f}", "hardly": f"{100 * HARDLY:.0f}", "narrow": f"{100 * NARROW:.0f}",
    "chance": f"{100 * CHANCE:.0f}", "little": f"{100 * LITTLE:.0f}", "trade_off": f"{TRADE_OFF:.1f}",
}  # fmt: skip
"""Lines by which words are chosen."""


def report_page(fit: Fit, pictures: Sequence[Picture], manifest: dict[str, Any]) -> str:
    """Return the whole page; it needs no network and no other file."""
    plan, reproduces, route = fit.plan, fit.agreement.reproduces, fit.plan.scenario.route
    fitted = {prior.name for prior in plan.chosen.priors} - {OFFSET}
    return render(
        "calibration.html",
        version=str(manifest.get("version", "")),
        about=subject_values(about(fit, manifest)),
        heading=headline(fit), said=sentences(fit), what_sets_are=what_sets_are(fit), reproduces=reproduces,
        observed=_observed(fit), scales=joined(list(plan.targets.scales)),
        errors={"unknown": plan.targets.assumed_errors, "every": len(plan.targets.observations)},
        perceived=PERCEIVED, least_bad=LEAST_BAD,
        place=place(fit), route=route.title or route.name,
        observations=[
            [f"{one['organisation']}, {one['behaviour'].replace('_', ' ')}, month {one['month']}",
             *(number(one[name], 1) for name in ("score", "error", "median")),
             f"{number(one['low'], 1)} to {number(one['high'], 1)}", "yes" if one["inside"] else "no"]
            for one in observation_table(fit).iter_rows(named=True)
        ],
        runs=fit.agreement.runs, rule=RULE,
        over_time=[picture for picture in pictures if picture.name.endswith("over-time")],
        before_and_after=next(picture for picture in pictures if picture.name == "before-and-after"),
        told=[_told_row(one) for one in fit.told],
        trade_offs=[trade_off_sentence(pair) for pair in fit.trade_offs],
        offset=offset_sentence(fit), quality=quality_sentence(fit), luck=luck_sentence(fit),
        fitted=sorted(fitted), why_default=WHY_DEFAULT if fitted == set(DEFAULT) else "", pilot=len(fit.pilot.values),
        populations=[
            [f"{one.number + 1}", f"{one.simulations:,}", f"{100 * one.accepted:.0f}%", f"{one.distance:.2f}",
             f"{one.effective:.0f}"]
            for one in fit.populations
        ],
        plan={"file": PLAN, "rows": PLAN_SETS, "replicates": REPLICATES,
              "kept": distinct(equal_sets(fit)) if reproduces else 0},
    )  # fmt: skip


def about(fit: Fit, manifest: dict[str, Any]) -> Subject:
    """Return what the report is about."""
    scenario = fit.plan.scenario
    titles = {scenario.name: place(fit), scenario.route.name: scenario.route.title or scenario.route.name}
    return Subject(scenarios=(scenario.name,), routes=(scenario.route.name,), titles=titles, manifest=manifest)


def source(fit: Fit, manifest: dict[str, Any]) -> str:
    """Return where a figure comes from, in a line."""
    commit = manifest.get("commit") or ""
    made = f"behaviours {manifest.get('version', '?')}" + (f" ({commit[:7]})" if commit else "")
    return f"scenario {fit.plan.scenario.name}, {fit.simulations:,} runs from seed {fit.plan.first_seed}, {made}"


def _observed(fit: Fit) -> str:
    """Say how many scores of whom, of what and when there are."""
    targets = fit.plan.targets
    behaviours = {one.behaviour for one in targets.observations} & set(BEHAVIOUR_IDS)
    people = counted(len(targets.organisations), "organisation") if targets.organisations else "the place as a whole"
    which = f"{len(behaviours)} of the nine behaviours" if behaviours else "all nine behaviours together"
    dates = f"; month 1 is {targets.starts}" if targets.starts else ""
    when = f"in {months_words(targets.months)} of the programme{dates}"
    return f"{len(targets.observations)} scores of {people}, of {which}, {when}"


def _told_row(one: Told) -> Row:
    """Return an unknown before and after."""
    return [
        Cell(one.name, meaning(one), tag="code"), capital(say(one.verdict)), *before_and_after(one),
        f"{100 * one.ratio:.0f}%", f"{100 * one.chance_ratio:.0f}%", explained_words(one),
    ]  # fmt: skip


def before_and_after(told: Told) -> tuple[str, str]:
    """Return an unknown's range before, and its interval after."""
    before = f"{value(told, told.prior_low)} to {value(told, told.prior_high)}"
    return before, f"{value(told, told.low)} to {value(told, told.high)}"
