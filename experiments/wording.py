"""Put what a comparison found into sentences, computed from its numbers and from nothing else.

A route is called ahead only where the whole interval lies beyond the smallest difference that matters, and no route is
named as the better one where the interval spans zero.
"""

from collections.abc import Callable, Sequence
from typing import Literal

from experiments.reading import Contrast
from experiments.shown import PRACTICE_MATTERS, difference, interval, level, number, shown

Zone = Literal["ahead", "leans", "no difference that matters", "undecided"]
Name = Callable[[str], str]

CAVEAT = "Illustrative, not predictive"
FLAT = 0.1
"""Median practice below which a route is called flat: less than 1 of 10 at the end."""


def zone(low: float, high: float, matters: float = PRACTICE_MATTERS) -> Zone:
    """Return the verdict that an interval allows, whichever side of zero it is on."""
    if -matters <= low and high <= matters:
        return "no difference that matters"
    if low > matters or high < -matters:
        return "ahead"
    return "leans" if low > 0 or high < 0 else "undecided"


def zone_of(contrast: Contrast) -> Zone:
    """Return the verdict on a contrast."""
    return zone(contrast.low, contrast.high, shown(contrast.outcome).matters or PRACTICE_MATTERS)


def leader(contrast: Contrast) -> tuple[str, str]:
    """Return the two routes, the one with the higher mean first: a name to use only where a verdict allows it."""
    pair = (contrast.first, contrast.second)
    return pair if contrast.difference >= 0 else (pair[1], pair[0])


def verdict_words(contrast: Contrast, name: Name) -> str:
    """Return the verdict in a few words, as for a table's cell."""
    verdict = zone_of(contrast)
    if verdict == "ahead":
        return f"{name(leader(contrast)[0])} ahead"
    if verdict == "leans":
        return f"leans to {name(leader(contrast)[0])}"
    return verdict


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
    verdict = zone_of(contrast)
    how = shown(contrast.outcome)
    matters = number((how.matters or PRACTICE_MATTERS) * how.factor, how.decimals)
    if verdict == "no difference that matters":
        return f"There is no difference that matters between the two. {what}, which lies inside ±{matters}."
    if verdict == "undecided":
        return f"These runs do not decide between the two. {what}, which spans zero."
    higher, lower = map(name, leader(contrast))
    if verdict == "leans":
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
    half = number(contrast.half_width * how.factor, how.decimals + 1)
    asked = number((precision or PRACTICE_MATTERS) * how.factor, how.decimals)
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
    """Say under which pressure the answer turns, comparing each pressure's verdict with the main one."""
    if not others:
        return "No other pressure was tried."
    groups: dict[str, list[str]] = {}
    for other in others:
        aligned = other if (other.first, other.second) == (main.first, main.second) else other.flipped()
        groups.setdefault(_turn(main, aligned, name), []).append(pressure(other.pressure))
    same = groups.pop("", [])
    if not groups:
        return f"The answer is the same under every pressure tried: {joined(same)}."
    sentences = [f"under {joined(where)} {what}" for what, where in groups.items()]
    kept = f" It stays as it is under {joined(same)}." if same else ""
    return f"The answer turns: {'; '.join(sentences)}.{kept}"


def _turn(main: Contrast, other: Contrast, name: Name) -> str:
    """Return how a contrast's verdict departs from the main one; nothing where it does not."""
    before, after = zone_of(main), zone_of(other)
    sided = ("ahead", "leans")
    if before == after and (before not in sided or leader(main) == leader(other)):
        return ""
    if after == "ahead":
        return f"{name(leader(other)[0])} is ahead"
    if after == "leans":
        return f"it only leans to {name(leader(other)[0])}"
    return "there is no difference that matters" if after == "no difference that matters" else "it is undecided"


def joined(words: Sequence[str]) -> str:
    """Join words as in a sentence: "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def capital(text: str) -> str:
    """Return the text with its first letter as a capital."""
    return text[:1].upper() + text[1:]
