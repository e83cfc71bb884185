"""Write what a fit found as one self-contained page, in the style of a comparison's report."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from experiments.comparison import Comparison
from experiments.figures.sheet import Picture
from experiments.fitting.chosen import DEFAULT, OFFSET, WHY_DEFAULT
from experiments.fitting.fit import Fit
from experiments.fitting.panels import observation_table
from experiments.fitting.posterior import CHANCE, LITTLE, NARROW, TRADE_OFF
from experiments.fitting.predictive import CAN_NOT, HARDLY
from experiments.fitting.sweep_files import PLAN, REPLICATES, SETS, distinct, equal_sets
from experiments.fitting.wording import (
    LEAST_BAD,
    PERCEIVED,
    VERDICTS,
    agreement_sentence,
    explained_words,
    headline,
    luck_sentence,
    meaning,
    months_words,
    offset_sentence,
    place,
    quality_sentence,
    scales,
    sentences,
    trade_off_sentence,
    value,
    what_sets_are,
)
from experiments.report.assumptions import assumptions
from experiments.report.html import Html, el, items, join, paragraphs, table
from experiments.report.limits import cannot_say
from experiments.report.origin import origin
from experiments.report.page import whole_page
from experiments.report.place import figure, folded
from experiments.shown import number
from experiments.wording import capital, joined
from simulation.text import counted
from simulation.vocabulary import BEHAVIOUR_IDS

CONTENTS = (
    ("short", "In short"),
    ("asked", "What was observed"),
    ("again", "Does the model make data like these?"),
    ("told", "What the observations tell"),
    ("sure", "How this was found"),
    ("next", "What the sets are for"),
    ("limits", "What the model cannot say"),
    ("assumptions", "Assumptions"),
    ("origin", "Where this comes from"),
)


def report_page(fit: Fit, pictures: Sequence[Picture], manifest: dict[str, Any]) -> str:
    """Return the whole page; it needs no network and no other file."""
    held = about(fit, manifest)
    by_name = {picture.name: picture for picture in pictures}
    main = [
        in_short(fit),
        observed(fit),
        again(fit, [picture for name, picture in by_name.items() if name.endswith("over-time")]),
        what_is_told(fit, by_name["before-and-after"]),
        how_found(fit),
        what_next(fit),
        cannot_say(held),
        assumptions(held),
        origin(held),
    ]
    return whole_page(headline(fit), CONTENTS, main, version=str(manifest.get("version", "")))


def about(fit: Fit, manifest: dict[str, Any]) -> Comparison:
    """Return what the parts shared with a comparison's report read: names, titles, manifest, and no runs."""
    scenario, none = fit.plan.scenario, pl.DataFrame()
    titles = {scenario.name: place(fit), scenario.route.name: scenario.route.title or scenario.route.name}
    return Comparison(
        scenarios=(scenario.name,), routes=(scenario.route.name,), titles=titles, runs=none, months=none, levels=none,
        contrasts=none, pressures=none, portraits={}, pictures={}, manifest=manifest,
    )  # fmt: skip


def source(fit: Fit, manifest: dict[str, Any]) -> str:
    """Return where a figure comes from, in a line."""
    commit = manifest.get("commit") or ""
    made = f"behaviours {manifest.get('version', '?')}" + (f" ({commit[:7]})" if commit else "")
    return f"scenario {fit.plan.scenario.name}, {fit.simulations:,} runs from seed {fit.plan.first_seed}, {made}"


def in_short(fit: Fit) -> Html:
    """Return the answer."""
    first, *rest = sentences(fit)
    box = [el("p", first, class_="verdict"), items(rest)]
    return join([el("h2", "In short", id="short"), el("div", *box, class_="answer"), paragraphs(what_sets_are(fit))])


def observed(fit: Fit) -> Html:
    """Return what was observed and how it was read."""
    targets, scenario = fit.plan.targets, fit.plan.scenario
    behaviours = [name for name in BEHAVIOUR_IDS if any(one.behaviour == name for one in targets.observations)]
    people = counted(len(targets.organisations), "organisation") if targets.organisations else "the place as a whole"
    which = f"{len(behaviours)} of the nine behaviours" if behaviours else "all nine behaviours together"
    what = (
        f"{len(targets.observations)} scores of {people}, of {which}, in {months_words(targets.months)} of the "
        f"programme"
    )
    dates = f"; month 1 is {targets.starts}" if targets.starts else ""
    route = scenario.route.title or scenario.route.name
    how = f"They were given on {scales(fit)}, and are shown on 0–10; on 1–10, 1 is shown as 0 and 10 as 10."
    errors = _errors(fit)
    return join(
        [
            el("h2", "What was observed", id="asked"),
            paragraphs(f"{what}{dates}. {how}", errors, PERCEIVED),
            paragraphs(
                f"The model ran {place(fit)} with the route “{route}”, as the scenario has it; what was fitted is how "
                "quickly and how far things move in it. What a person knows of the place, such as practice at the "
                "start or the partner’s days, belongs in its files."
            ),
            folded("Every observation, and what plausible sets predict for it", _observations(fit)),
        ]
    )


def _errors(fit: Fit) -> str:
    unknown, every = fit.plan.targets.assumed_errors, len(fit.plan.targets.observations)
    given = "A score’s standard error is as given, or 2 of 10 over the root of the number of respondents (assumed)."
    if not unknown:
        return given
    some = "No score says" if unknown == every else f"{unknown} of {every} scores do not say"
    return f"{some} how many answered or how uncertain it is: a standard error of 1 of 10 is assumed. " + (
        given if unknown < every else ""
    )


def _observations(fit: Fit) -> Html:
    rows = [
        [
            f"{one['organisation']}, {one['behaviour'].replace('_', ' ')}, month {one['month']}",
            number(one["score"], 1), number(one["error"], 1), number(one["median"], 1),
            f"{number(one['low'], 1)} to {number(one['high'], 1)}", "yes" if one["inside"] else "no",
        ]
        for one in observation_table(fit).iter_rows(named=True)
    ]  # fmt: skip
    head = ["Observation", "Score, 0–10", "Standard error", "Predicted", "90% range", "Inside"]
    return table("Observations, and scores as plausible sets predict them", head, rows)


def again(fit: Fit, pictures: Sequence[Picture]) -> Html:
    """Return whether the model makes data like these, with the observations over its predictions."""
    how = (
        f"Sets are drawn by weight, {fit.agreement.runs} in all, and each is run on a seed it has not seen, with the "
        "chance of who answers. How far out the observations lie among these data sets is measured on their means, "
        "groups and spread together (Mahalanobis distance). Below "
        f"{100 * CAN_NOT:.0f} in 100 the model is said not to reproduce them, below {100 * HARDLY:.0f} hardly. The "
        "data were used for the fit as well, so this check is a mild one."
    )
    return join(
        [
            el("h2", "Does the model make data like these?", id="again"),
            paragraphs(agreement_sentence(fit), how),
            *(figure(picture) for picture in pictures),
        ]
    )


def what_is_told(fit: Fit, picture: Picture) -> Html:
    """Return every unknown before and after."""
    rows = [
        [
            join([el("code", one.name), el("small", meaning(one))]),
            capital(VERDICTS[one.verdict]),
            f"{value(one, one.prior_low)} to {value(one, one.prior_high)}",
            f"{value(one, one.low)} to {value(one, one.high)}",
            f"{100 * one.ratio:.0f}%",
            f"{100 * one.chance_ratio:.0f}%",
            explained_words(one),
        ]
        for one in fit.told
    ]
    head = ["Unknown", "Verdict", "Before", "After, 90%", "Width left", "By chance", "Told on average"]
    caption = (
        "What is known of each unknown before and after. By chance: a width that is hardly ever passed where data say "
        "nothing. Told on average: share of the prior’s variance that data of this shape explain"
    )
    verdicts = [
        f"Narrowed: at most {100 * NARROW:.0f}% of the prior’s width is left, which is more than chance would do.",
        "Leans: the sets stand otherwise than the prior by more than chance, but more width is left.",
        f"Can’t tell: neither. The chance that any unknown passes where the data say nothing is {100 * CHANCE:.0f}%.",
        f"Told on average comes from the runs before the fit. Below {100 * LITTLE:.0f}%, data of this shape would "
        "hardly ever tell, whatever they said.",
    ]
    pairs = [trade_off_sentence(pair) for pair in fit.trade_offs] if fit.agreement.reproduces else []
    none = f"No two unknowns make up for one another by more than a correlation of {TRADE_OFF:.1f}."
    return join(
        [
            el("h2", "What the observations tell", id="told"),
            None if fit.agreement.reproduces else paragraphs(LEAST_BAD),
            figure(picture),
            table(caption, head, rows),
            items(verdicts),
            items(pairs) if pairs else el("p", none) if fit.agreement.reproduces else None,
            paragraphs(offset_sentence(fit)),
        ]
    )


def how_found(fit: Fit) -> Html:
    """Return how the sets were found, with how the populations came nearer."""
    plan = fit.plan
    rows = [
        [f"{one.number + 1}", f"{one.simulations:,}", f"{100 * one.accepted:.0f}%", f"{one.distance:.2f}",
         f"{one.effective:.0f}"]
        for one in fit.populations
    ]  # fmt: skip
    named = {prior.name for prior in plan.chosen.priors} - {OFFSET}
    chosen = f" {WHY_DEFAULT}" if named == set(DEFAULT) else ""
    ranges = (
        f"{capital(joined(sorted(named)))} were fitted over uniform ranges, and with them a perception offset, uniform "
        f"too (assumed).{chosen}"
    )
    steps = (
        f"First {len(fit.pilot.values)} sets from all over the ranges were run twice each. They teach a statistic for "
        "every unknown: its regression on the means, groups and spread of the scores (semi-automatic approximate "
        "Bayesian computation, Fearnhead & Prangle 2012), in units of what luck and the observations’ errors alone "
        "make of it. Then populations of sets come nearer to the observed statistic step by step (ABC-SMC, Toni and "
        "others 2009; pyABC, Schälte and others 2022). Every run has a new seed, so luck is part of the model."
    )
    tolerance = (
        "Sets need not meet the observations exactly. What is left of the distance works like an error of the model "
        "(Wilkinson 2013), which is not known; it makes intervals wider than an exact reckoning would."
    )
    caption = "Populations: runs, share accepted, distance allowed, and how many sets of equal weight they are worth"
    return join(
        [
            el("h2", "How this was found", id="sure"),
            paragraphs(quality_sentence(fit), luck_sentence(fit), ranges, steps, tolerance),
            table(caption, ["Population", "Runs", "Accepted", "Distance", "Effective sets"], rows),
        ]
    )


def what_next(fit: Fit) -> Html:
    """Return what can be done with the sets, or why there is nothing to be done with them."""
    if not fit.agreement.reproduces:
        words = (
            "Sets that do not reproduce the observations are not plausible, so no plan is written to go on with. They "
            "stand in sets.csv for whoever wants to see where the model fails."
        )
        return join([el("h2", "What the sets are for", id="next"), paragraphs(words)])
    kept = distinct(equal_sets(fit))
    several = f" (in {SETS} rows: a set that weighs much stands in several)" if kept < SETS else ""
    words = (
        f"sets.csv and sets.parquet hold every set with its weight. {PLAN} beside this report compares routes over "
        f"{kept} of them{several}, drawn by weight, {REPLICATES} seeds each: what comes out holds chance and what the "
        "observations leave open, and says whether a contrast of routes depends on what could not be told."
    )
    return join(
        [
            el("h2", "What the sets are for", id="next"),
            paragraphs(words),
            el("pre", el("code", f"behaviours sweep DIR/{PLAN} --out results/over-plausible-sets")),
        ]
    )
