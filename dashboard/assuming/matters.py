"""Say which claims a number matters for, as the packaged results of `make claims` tell; nothing where they don't."""

from functools import cache
from typing import TYPE_CHECKING

from experiments.shown import number

if TYPE_CHECKING:
    from experiments.claims.finding import Leaning

PRIMARY_WORDS = "The primary contrast, prototype-led minus manifesto-led"


@cache
def matters() -> dict[str, tuple[str, ...]]:
    """Return sentences by parameter, the primary contrast's first; empty where the results are of another model."""
    from experiments.claims.measured import measured
    from experiments.claims.store import findings_in
    from experiments.claims.topics.entry import PRIMARY

    content = measured().content
    findings = sorted(findings_in(content), key=lambda one: one.name != PRIMARY) if content else []
    found: dict[str, tuple[str, ...]] = {}
    for finding in findings:
        what = PRIMARY_WORDS if finding.name == PRIMARY else f"“{finding.says.rstrip('.')}”"
        for leaning in finding.space.leanings:
            side = "high" if leaning.correlation > 0 else "low"
            told = f"{what}: its effect is larger where this is {side}, {_clear(leaning)}."
            found[leaning.parameter] = (*found.get(leaning.parameter, ()), told)
    return found


def _clear(leaning: "Leaning") -> str:
    low, middle, high = (number(v, 2, signed=True) for v in (leaning.low, leaning.correlation, leaning.high))
    return f"rank correlation {middle} ({low} to {high})"
