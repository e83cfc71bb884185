"""List the claims in the order of the essay: one of its headings a file."""

from collections.abc import Sequence

from experiments.claims.claim import Claim
from experiments.claims.topics import approach, entry, learning, pace, pressure, timing

CLAIMS = (*pace.CLAIMS, *entry.CLAIMS, *timing.CLAIMS, *approach.CLAIMS, *learning.CLAIMS, *pressure.CLAIMS)
BY_NAME = {claim.name: claim for claim in CLAIMS}


def chosen(names: Sequence[str] = ()) -> tuple[Claim, ...]:
    """Return the named claims (default: all) in the order of the essay, each once. Raises ProblemError."""
    from simulation.scenario.problems import Findings

    findings = Findings()
    for name in names:
        if name not in BY_NAME:
            findings.add("is not a claim", value=name, allowed="behaviours claims --list", like=BY_NAME)
    wanted = set(names) or set(BY_NAME)
    return findings.settle(tuple(claim for claim in CLAIMS if claim.name in wanted))
