"""Put what a fit found into sentences, computed from its numbers and from nothing else."""

from collections.abc import Sequence
from math import floor, log10

import numpy as np

from experiments.fitting.chosen import OFFSET
from experiments.fitting.fit import Fit
from experiments.fitting.posterior import FEWEST, LITTLE, Told, TradeOff
from experiments.shown import number
from experiments.wording import joined
from simulation.parameters import BY_NAME

VERDICTS = {
    "narrowed": "narrowed",
    "leans": "leans",
    "can't tell": "can’t tell",
    "not to be read": "not to be read",
}
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
        return f"{what}: narrowed to {between}, {width_words(told)}."
    if told.verdict == "leans":
        middle = (told.prior_low + told.prior_high) / 2
        side = "lower" if told.median < middle else "higher"
        return f"{what}: leans to {side} values, but {between} is left, {width_words(told)}."
    return f"{what}: {VERDICTS[told.verdict]}; {between}, {width_words(told)}."


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


def scales(fit: Fit) -> str:
    """Return the scales of the file."""
    return joined(list(fit.plan.targets.scales))


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
