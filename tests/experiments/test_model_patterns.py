"""Run every pattern check at 40 seeds of their own, and hold what comes out against the stored 200-seed findings.

40 seeds can't settle what 200 do, so nothing here asks for a verdict: a stored effect has to lie where 40 seeds allow
it to, and no verdict may turn into its opposite. A check that fails is stored, shown and tested as failing.
"""

from functools import cache
from statistics import NormalDist

import pytest

from experiments.baseline import pattern_findings_in, read_findings
from experiments.inference import MATTERS
from experiments.model_patterns import FAMILIES
from experiments.patterns import PatternFinding, run_patterns
from experiments.reporting.markdown import STORED

SEEDS = range(20_000, 20_040)
SIGMAS = 4
PER_SIGMA = 1 / (2 * NormalDist().inv_cdf(0.975))
OPPOSITE = {"holds": "fails", "fails": "holds"}


@cache
def stored() -> dict[str, PatternFinding]:
    return {finding.check: finding for finding in pattern_findings_in(read_findings(STORED))["full"]}


def spread(low: float, high: float, seeds: int, unit: str) -> float:
    """Return an interval's standard error; shares that never varied get that of one seed that might have."""
    least = 1 / seeds if unit.startswith("probability") else MATTERS.get(unit, 0.0) / 100
    return max((high - low) * PER_SIGMA, least)


def agree(now: tuple[float, float, float], then: tuple[float, float, float], seeds: int, unit: str) -> bool:
    error = spread(*now[1:], len(SEEDS), unit) ** 2 + spread(*then[1:], seeds, unit) ** 2
    return abs(now[0] - then[0]) <= SIGMAS * error**0.5


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_forty_seeds_agree_with_the_stored_findings(family):
    for finding in run_patterns(SEEDS, [family.name]):
        then = stored()[finding.check]
        now, before = ((f.effect, f.low, f.high) for f in (finding, then))
        assert agree(now, before, then.seeds, finding.unit), (finding, then)
        assert finding.verdict in ("holds", "fails", "undecided", "no claim")
        assert finding.verdict != OPPOSITE.get(then.verdict), (finding, then)
        if then.without:
            off, off_then = ((f.effect, f.low, f.high) for f in (finding.without, then.without))
            assert agree(off, off_then, then.seeds, finding.unit), (finding, then)
        if then.without and then.without.state in ("gone", "weaker"):
            assert finding.without.state != "still there", (finding, then)
            assert abs(finding.without.effect) < abs(finding.effect) or finding.without.change * finding.effect > 0
