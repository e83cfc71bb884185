"""Say by which rule replicates grew, where they stopped, and whether the precision asked for is met."""

from math import ceil, inf

from experiments.comparison import Comparison
from experiments.growing import SCALE, Rule, Stopping
from experiments.reading import in_text, main_pair
from experiments.shown import number
from experiments.statistics import CONFIDENCE
from experiments.wording import joined


def precision_told(comparison: Comparison) -> list[str]:
    """Return, where replicates grew, the rule and where they stopped; else nothing."""
    pair = main_pair(comparison)
    if comparison.stopping is None or pair is None:
        return []
    first, second = (in_text(comparison, route) for route in pair)
    rule = rule_sentence(comparison.stopping.rule, first, second, places=len(comparison.scenarios))
    return [f"{rule} {stopping_sentence(comparison.stopping)}"]


def rule_sentence(rule: Rule, first: str, second: str, *, places: int = 1) -> str:
    """Say the rule for the contrast of two routes, named as in a sentence."""
    looks = joined([f"{look:,}" for look in rule.looks])
    each, together = 100 * rule.confidence, 100 * CONFIDENCE
    where = {1: "", 2: " in both places together"}.get(places, f" in all {places} places together")
    when = f"at {looks} replicates, and stop at the first look" if len(rule.looks) > 1 else f"once, at {looks}, to see"
    return (
        f"Replicates grew by a rule set before the first run: look {when} where the adjusted interval of {first} minus "
        f"{second}, practice at the last month{where}, reaches no further than ±{asked(rule)} of 10. Every interval is "
        f"taken at {each:.1f}%, so that it holds at {together:.0f}% at whichever look one stops."
    )


def stopping_sentence(stopping: Stopping) -> str:
    """Say at which look the growing stopped, and whether the interval is as narrow as was asked."""
    looks, many = len(stopping.rule.looks), f"{stopping.replicates:,} replicates"
    if stopping.met:
        before = f" (at the look before: ±{reached(stopping, -2)})" if stopping.look > 1 else ""
        return (
            f"It stopped at look {stopping.look} of at most {looks}, at {many}, where the interval reaches "
            f"±{reached(stopping)}{before}: the precision asked for is met."
        )
    more = f" About {_round(stopping.needed)} would do." if stopping.needed else ""
    return (
        f"It went on to the last look, at {many}, where the interval still reaches ±{reached(stopping)}: the "
        f"precision asked for, ±{asked(stopping.rule)}, is not met.{more}"
    )


def asked(rule: Rule) -> str:
    """Return the precision asked for, in the scale shown: "0.2"."""
    return f"{SCALE * rule.precision:.6g}"


def reached(stopping: Stopping, look: int = -1) -> str:
    """Return how far the interval reached at a look, with as many digits as tell it from what was asked."""
    half, precision = SCALE * stopping.half_widths[look], SCALE * stopping.rule.precision
    if half == inf:
        return "∞"
    decimals = max(2, len(asked(stopping.rule).partition(".")[2]))
    while decimals < 9 and half > precision and round(half, decimals) <= precision:
        decimals += 1
    return number(half, decimals)


def _round(replicates: int) -> str:
    """Return a number of replicates to two digits, rounded up: it is an estimate."""
    step = 10 ** max(0, len(str(replicates)) - 2)
    return f"{ceil(replicates / step) * step:,}"
