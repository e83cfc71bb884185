"""Put what was found into sentences: computed from the numbers, never written by hand."""

from collections.abc import Sequence

from dashboard.comparing.asked import Asked
from dashboard.comparing.found import End, Loss
from dashboard.comparing.names import in_text, ingredient_title
from experiments.reading import Contrast
from experiments.shown import band, difference, interval, level, number, shown
from experiments.wording import (
    GAINS,
    SIDED,
    capital,
    contrast_sentence,
    joined,
    probability_sentence,
    sized,
    verdict_words,
)


def contrast_words(contrast: Contrast) -> str:
    """Say what the contrast of two routes came to, in one or two sentences."""
    if contrast.outcome in GAINS or contrast.verdict not in SIDED:
        return contrast_sentence(contrast, in_text)
    pair = f"{in_text(contrast.first)} minus {in_text(contrast.second)}"
    return (
        f"{capital(verdict_words(contrast, in_text))} at month {contrast.month}. The mean paired difference, {pair}, "
        f"is {sized(contrast)}."
    )


def ahead_words(contrast: Contrast) -> str:
    """Say in what share of paired runs each route was the higher."""
    return probability_sentence(contrast, in_text)


def chance_words(contrast: Contrast, ends: tuple[End, End]) -> str:
    """Say how far chance moves an outcome within a route, against how far the choice of route does."""
    routes = (contrast.first, contrast.second)
    gap, widths = abs(contrast.difference), [end.high - end.low for end in ends]
    told = joined([f"{band(contrast.outcome, end.low, end.high)} with {in_text(route)}"
                   for end, route in zip(ends, routes, strict=True)])  # fmt: skip
    between = difference(contrast.outcome, gap).removeprefix("+")
    after = f"nine runs in ten stand at {told}, and the routes are {between} apart on average."
    if max(widths) <= gap:
        return f"At month {contrast.month} the route moves the outcome further than chance does: {after}"
    if min(widths) <= gap:
        wide = in_text(routes[widths.index(max(widths))])
        return (
            f"At month {contrast.month} chance moves the outcome further than the route does only with {wide}: {after}"
        )
    much = "much further" if min(widths) > 2 * gap else "further"
    return f"At month {contrast.month} chance within a route moves the outcome {much} than the route does: {after}"


def levels_words(ends: dict[str, End], outcome: str, month: int) -> str:
    """Say where each route's middle run stands."""
    each = joined([f"{level(outcome, end.median)} with {in_text(route)}" for route, end in ends.items()])
    title = shown(outcome).title
    return f"{title} at month {month}, middle run: {each}."


def together_words(pairs: int) -> str:
    """Say what the intervals hold for."""
    if pairs == 1:
        return "The 95% interval is a bootstrap interval of the mean paired difference."
    return (
        f"The 95% intervals are wide enough to hold for all {pairs} differences of the table at once (bootstrap max-t)."
    )


def matters_words(outcome: str) -> str:
    """Say what is too small to matter."""
    how = shown(outcome)
    if not how.matters:
        return "For this outcome no smallest difference that matters is set: it is judged against 0."
    points = " of 10" if how.factor == 10 else " points"
    return f"A difference below {number(how.factor * how.matters, how.decimals)}{points} is too small to matter."


def seeds_words(asked: Asked) -> str:
    """Say which luck the runs meet: "seeds 1,000,000 to 1,000,039"."""
    return f"seeds {asked.seeds[0]:,} to {asked.seeds[-1]:,}"


def loss_said(loss: Loss) -> str:
    """Say what may be said of one ingredient, in a few words."""
    side = "raises it" if loss.mean > 0 else "lowers it"
    return {
        "ahead": side, "leans": f"leans to: {side}", "too few replicates": "too few seeds to say",
    }.get(loss.verdict, loss.verdict)  # fmt: skip


def losses_words(losses: Sequence[Loss], outcome: str, what: str, month: int) -> str:
    """Say which ingredients matter, from their intervals."""
    told = f"{shown(outcome).title} at month {month}, {what}"
    raising = [loss for loss in losses if loss.verdict == "ahead" and loss.mean > 0]
    lowering = [loss for loss in losses if loss.verdict == "ahead" and loss.mean < 0]
    if not raising and not lowering:
        return f"{told}: no ingredient, taken away alone, makes a difference that can be told from chance and matters."
    sides = [("raised most by", raising), ("lowered most by", lowering)]
    parts = [f"{words} {_listed(found, outcome)}" for words, found in sides if found]
    rest = len(losses) - len(raising) - len(lowering)
    others = "The other is" if rest == 1 else f"The other {rest} are"
    more = f" {others} too small to matter, or these runs do not decide." if rest else ""
    return f"{told}, is {' and '.join(parts)}.{more}"


def _listed(losses: Sequence[Loss], outcome: str, most: int = 3) -> str:
    names = [
        f"{ingredient_title(loss.ingredient).lower()} ({difference(outcome, loss.mean)}, "
        f"{interval(outcome, loss.low, loss.high)})"
        for loss in losses[:most]
    ]
    more = len(losses) - most
    return joined([*names, *([f"{more} more"] if more > 0 else [])])


def time_words(seconds: float | None) -> str:
    """Say how long is left: "about 3 s left"."""
    if seconds is None:
        return "time left not known yet"
    if seconds < 90:
        return f"about {max(1, round(seconds))} s left"
    return f"about {round(seconds / 60)} min left"
