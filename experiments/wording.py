"""Put what a comparison found into sentences, computed from its numbers and from nothing else.

A route is called ahead only where the whole interval lies beyond the smallest difference that matters, and no route is
named as the better one where the interval spans zero.
"""

from collections.abc import Callable, Sequence
from math import isinf

from experiments.reading import Contrast
from experiments.shown import PRACTICE_MATTERS, difference, interval, level, number, shown
from experiments.statistics import FEWEST_TO_RANK
from simulation.text import counted
from simulation.vocabulary import GROUPS

Name = Callable[[str], str]

CAVEAT = "Illustrative, not predictive"
GAINS = frozenset({"practice", *GROUPS})
"""Outcomes of which more is what the routes are after: a route is "ahead" on these, and "higher" on others."""
SIDED = ("ahead", "leans")
"""Verdicts that are on the side of one route."""
FLAT = 0.1
"""Median practice below which a route is called flat: less than 1 of 10 at the end."""


def leader(contrast: Contrast) -> tuple[str, str]:
    """Return the two routes, the one with the higher mean first: a name to use only where a verdict allows it."""
    pair = (contrast.first, contrast.second)
    return pair if contrast.difference >= 0 else (pair[1], pair[0])


def verdict_words(contrast: Contrast, name: Name) -> str:
    """Return the verdict in a few words, as for a table's cell."""
    found = contrast.verdict
    if found == "ahead":
        return f"{name(leader(contrast)[0])} {'ahead' if contrast.outcome in GAINS else 'higher'}"
    if found == "leans":
        return f"leans to {name(leader(contrast)[0])}"
    return found


def sized(contrast: Contrast) -> str:
    """Return the difference and its interval: "+0.76 (95% interval +0.65 to +0.87)"."""
    words = f"95% interval {interval(contrast.outcome, contrast.low, contrast.high)}"
    if contrast.is_adjusted:
        together = interval(contrast.outcome, contrast.adjusted_low, contrast.adjusted_high)
        words += f"; {together} once adjusted for the contrasts named beforehand"
    of = " of 10" if shown(contrast.outcome).factor == 10 else ""
    return f"{difference(contrast.outcome, contrast.difference)}{of} ({words})"


def contrast_sentence(contrast: Contrast, name: Name) -> str:
    """Say what a contrast found, in one or two sentences."""
    what = f"The mean paired difference, {name(contrast.first)} minus {name(contrast.second)}, is {sized(contrast)}"
    return f"{short_sentence(contrast, name)} {what}{_reason(contrast)}."


def short_sentence(contrast: Contrast, name: Name) -> str:
    """Say what a contrast found without its numbers; no route is named as the better one unless the verdict does."""
    higher, lower = map(name, leader(contrast))
    pair = f"{name(contrast.first)} and {name(contrast.second)}"
    return {
        "ahead": f"{capital(higher)} is ahead of {lower} at month {contrast.month}.",
        "leans": f"At month {contrast.month} the runs lean to {higher} over {lower}.",
        "no difference that matters": f"There is no difference that matters between {pair} at month {contrast.month}.",
        "undecided": f"These runs do not decide between {pair} at month {contrast.month}.",
        "too few replicates": f"{contrast.replicates} paired runs rank nothing: it takes {FEWEST_TO_RANK}.",
    }[contrast.verdict]


def _reason(contrast: Contrast) -> str:
    """Return why a verdict is not a plain one."""
    how = shown(contrast.outcome)
    matters = number((how.matters or PRACTICE_MATTERS) * how.factor, how.decimals)
    return {
        "leans": f": zero is outside, but part of the interval lies within ±{matters}, too small to matter",
        "no difference that matters": f", all of it within ±{matters}, too small to matter",
        "undecided": ": the interval spans zero",
    }.get(contrast.verdict, "")


def probability_sentence(contrast: Contrast, name: Name) -> str:
    """Say in what share of paired runs each route was the higher."""
    share = round(100 * contrast.ahead)
    low, high = number(100 * contrast.ahead_low, 0), number(100 * contrast.ahead_high, 0)
    return (
        f"Of {contrast.replicates} paired runs, {name(contrast.first)} was the higher in {share}% "
        f"(95% interval {low} to {high}%) and {name(contrast.second)} in {100 - share}%."
    )


def reach_sentence(contrast: Contrast) -> str:
    """Say how many replicates there were, and how far the interval reaches."""
    if contrast.replicates < 2 or isinf(contrast.half_width):
        return "One replicate says nothing about spread: the interval of the difference has no end."
    how = shown(contrast.outcome)
    half = number(contrast.half_width * how.factor, how.decimals + 1)
    return f"{contrast.replicates} paired replicates put the main difference within about ±{half} of 10."


def enough_sentence(contrast: Contrast) -> str:
    """Say how many replicates there were, how far the interval reaches, and whether that is enough."""
    reach = reach_sentence(contrast)
    if contrast.replicates < 2 or isinf(contrast.half_width):
        return reach
    how = shown(contrast.outcome)
    asked = number(contrast.precision * how.factor, how.decimals + 1)
    if contrast.precise_enough:
        return f"{reach} That is as fine as the ±{asked} asked for."
    more = f": about {contrast.replicates_needed:,} would do" if contrast.replicates_needed else ""
    return f"{reach} That is coarser than the ±{asked} asked for{more}."


def chance_sentence(contrast: Contrast, bands: Sequence[tuple[float, float]], name: Name) -> str:
    """Say how the difference between two routes compares with the spread within one of them (low, high of each)."""
    width = min(high - low for low, high in bands)
    if width <= 2 * abs(contrast.difference):
        return ""
    ranges = joined([f"{level('practice', low)} to {level('practice', high)}" for low, high in bands])
    return (
        "Chance within a route moves the end much further than the choice of route: nine runs in ten end at "
        f"{ranges} ({name(contrast.first)} and {name(contrast.second)})."
    )


def flat_routes(medians: dict[str, float]) -> list[str]:
    """Return the routes whose median practice stays below 1 of 10."""
    return [route for route, median in medians.items() if median < FLAT]


def levels_sentence(
    medians: dict[str, float],
    name: Name,
    *,
    month: int,
    no_partner: str = "none",
    pair: tuple[str, str] | None = None,
) -> str:
    """Say where practice ends in the middle run: with each route of a pair, with any route, without a partner."""
    entered = [value for route, value in medians.items() if route != no_partner]
    named = [route for route in pair or () if route in medians]
    ends = [f"{level('practice', medians[route])} with {name(route)}" for route in named]
    if len(entered) > len(named):
        low, high = level("practice", min(entered)), level("practice", max(entered))
        reach = low if low == high else f"{low} to {high}"
        number_of = {1: "with a learning partner", 2: "across both routes"}
        with_any = number_of.get(len(entered), f"across all {len(entered)} routes")
        ends.append(f"{reach} {with_any}")
    if no_partner in medians:
        ends.append(f"{level('practice', medians[no_partner])} without a learning partner")
    return f"After {counted(month, 'month')} the middle run ends, of 10, at {joined(ends)}."


def places_sentence(contrasts: dict[str, Contrast]) -> str:
    """Say whether the places agree; the contrasts are of the same two routes, the same way round."""
    if len(contrasts) < 2:
        return ""
    every = "both places" if len(contrasts) == 2 else f"all {len(contrasts)} places"
    sided = [item.verdict in SIDED for item in contrasts.values()]
    sides = {item.difference > 0 for item in contrasts.values()}
    if len({item.verdict for item in contrasts.values()}) == 1 and (not any(sided) or len(sides) == 1):
        return f"The verdict is the same in {every}."
    if all(sided) and len(sides) > 1:
        return "The places do not agree: the routes change sides between them."
    return "The verdict is not the same in every place."


def turns_sentence(main: Contrast, others: Sequence[Contrast], name: Name, pressure: Name) -> str:
    """Say under which pressure the answer turns, comparing each pressure's verdict with the main one.

    All contrasts are of the same two routes, the same way round.
    """
    if not others:
        return "No other pressure was tried."
    groups: dict[str, list[str]] = {}
    for other in others:
        groups.setdefault(_turn(main, other, name), []).append(pressure(other.pressure))
    same = groups.pop("", [])
    if not groups:
        return f"The answer is the same under every pressure tried: {joined(same)}."
    sentences = [f"under {joined(where)} {what}" for what, where in groups.items()]
    kept = f" It stays as it is under {joined(same)}." if same else ""
    return f"The answer turns: {'; '.join(sentences)}.{kept}"


def _turn(main: Contrast, other: Contrast, name: Name) -> str:
    """Return how a contrast's verdict departs from the main one; nothing where it does not."""
    before, after = main.verdict, other.verdict
    if before == after and (before not in SIDED or leader(main) == leader(other)):
        return ""
    if after == "ahead":
        return f"{name(leader(other)[0])} is ahead"
    if after == "leans":
        return f"it only leans to {name(leader(other)[0])}"
    words = {"no difference that matters": "there is no difference that matters", "undecided": "it is undecided"}
    return words.get(after, "there are too few replicates to say")


def joined(words: Sequence[str]) -> str:
    """Join words as in a sentence: "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def capital(text: str) -> str:
    """Return the text with its first letter as a capital."""
    return text[:1].upper() + text[1:]
