"""Put what a comparison found into sentences, computed from its numbers and from nothing else.

A route is called ahead only where the whole interval lies beyond the smallest difference that matters, and no route is
named as the better one where the interval spans zero.
"""

from collections.abc import Callable, Sequence
from math import isinf

from experiments.reading import Contrast
from experiments.shown import PRACTICE_MATTERS, difference, interval, level, number, shown
from experiments.statistics import FEWEST_TO_RANK, Verdict, verdict

Name = Callable[[str], str]

CAVEAT = "Illustrative, not predictive"
FLAT = 0.1
"""Median practice below which a route is called flat: less than 1 of 10 at the end."""


def verdict_of(contrast: Contrast) -> Verdict:
    """Return the verdict on a contrast; outcomes without a smallest difference that matters are judged against zero."""
    matters = shown(contrast.outcome).matters or 0.0
    return verdict(contrast.low, contrast.high, matters=matters, replicates=contrast.replicates)


def leader(contrast: Contrast) -> tuple[str, str]:
    """Return the two routes, the one with the higher mean first: a name to use only where a verdict allows it."""
    pair = (contrast.first, contrast.second)
    return pair if contrast.difference >= 0 else (pair[1], pair[0])


def verdict_words(contrast: Contrast, name: Name) -> str:
    """Return the verdict in a few words, as for a table's cell."""
    found = verdict_of(contrast)
    if found == "ahead":
        return f"{name(leader(contrast)[0])} {'ahead' if shown(contrast.outcome).matters else 'higher'}"
    if found == "leans":
        return f"leans to {name(leader(contrast)[0])}"
    return found


def sized(contrast: Contrast) -> str:
    """Return the difference and its interval: "+0.76 (95% interval +0.65 to +0.87)"."""
    return (
        f"{difference(contrast.outcome, contrast.difference)} "
        f"(95% interval {interval(contrast.outcome, contrast.low, contrast.high)})"
    )


def contrast_sentence(contrast: Contrast, name: Name) -> str:
    """Say what a contrast found, in one or two sentences."""
    pair = f"{name(contrast.first)} minus {name(contrast.second)}"
    what = f"The mean paired difference, {pair}, is {sized(contrast)}"
    found = verdict_of(contrast)
    how = shown(contrast.outcome)
    matters = number((how.matters or 0.0) * how.factor, how.decimals)
    if found == "too few replicates":
        return f"{contrast.replicates} paired runs rank nothing: it takes {FEWEST_TO_RANK}. {what}."
    if found == "no difference that matters":
        return f"There is no difference that matters between the two. {what}, which lies inside ±{matters}."
    if found == "undecided":
        return f"These runs do not decide between the two. {what}, which spans zero."
    higher, lower = map(name, leader(contrast))
    if found == "leans":
        return (
            f"The runs lean to {higher} over {lower}. {what}: zero is outside the interval, but part of it lies in "
            f"the range of differences too small to matter (±{matters})."
        )
    return f"{capital(higher)} ends ahead of {lower}. {what}."


def probability_sentence(contrast: Contrast, name: Name) -> str:
    """Say in what share of paired runs each route was the higher."""
    share, other = (number(100 * p, 0) for p in (contrast.ahead, 1 - contrast.ahead))
    low, high = number(100 * contrast.ahead_low, 0), number(100 * contrast.ahead_high, 0)
    return (
        f"Of {contrast.replicates} paired runs, {name(contrast.first)} was the higher in {share}% "
        f"(95% interval {low} to {high}%) and {name(contrast.second)} in {other}%."
    )


def enough_sentence(contrast: Contrast, precision: float | None = None) -> str:
    """Say how many replicates there were, how far the interval reaches, and whether that is enough."""
    how = shown(contrast.outcome)
    asked = number((precision or PRACTICE_MATTERS) * how.factor, how.decimals)
    if contrast.replicates < 2 or isinf(contrast.half_width):
        return "One replicate says nothing about spread: the interval of the difference has no end."
    half = number(contrast.half_width * how.factor, how.decimals + 1)
    reach = f"{contrast.replicates} paired replicates give the main difference an interval of about ±{half}."
    if contrast.precise_enough:
        return f"{reach} That is as fine as the ±{asked} asked for."
    return f"{reach} That is coarser than the ±{asked} asked for: more replicates would narrow it."


def flat_routes(medians: dict[str, float]) -> list[str]:
    """Return the routes whose median practice stays below 1 of 10."""
    return [route for route, median in medians.items() if median < FLAT]


def levels_sentence(medians: dict[str, float], name: Name, *, month: int, no_partner: str = "none") -> str:
    """Say where practice ends: without a partner and with one."""
    entered = [value for route, value in medians.items() if route != no_partner]
    parts = []
    if entered:
        low, high = level("practice", min(entered)), level("practice", max(entered))
        reach = f"at {low}" if low == high else f"between {low} and {high}"
        parts.append(f"routes with a learning partner end {reach} of 10")
    if no_partner in medians:
        parts.append(f"{name(no_partner)} ends at {level('practice', medians[no_partner])}")
    return capital(f"after {month} months, {', '.join(parts)} (medians).")


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
    before, after = verdict_of(main), verdict_of(other)
    sided = ("ahead", "leans")
    if before == after and (before not in sided or leader(main) == leader(other)):
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
