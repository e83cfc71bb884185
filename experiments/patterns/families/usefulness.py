"""P8: helpful acts build the relationship that the rest needs; some are worth their days, too many are not."""

import numpy as np

from experiments.patterns.arms import by_share
from experiments.patterns.check import Ablation, Check, Family
from experiments.patterns.effects import at, beside, best_against, of
from experiments.patterns.rules import NoClaim
from simulation.state import Floats

GRID = (0.0, 0.05, 0.10, 0.15, 0.20, 0.30, 0.40, 0.55, 0.70)
NAMES = tuple(f"{share:g}" for share in GRID)
PRESSURES = {"low": 0.88, "high": 1.04}
X120 = at("practice", 120)
ARMS = by_share("blended", "help", GRID)


def rise_of_best(means: Floats) -> Floats:
    """Combine practice by share under low, then high pressure into the best share under high less that under low."""
    shares = np.array(GRID)
    low, high = means[:, : len(shares)], means[:, len(shares) :]
    return shares[high.argmax(axis=1)] - shares[low.argmax(axis=1)]


FAMILY = Family(
    name="P8",
    title="Helpful acts",
    setting=(
        "Blended route with a share of days for help of 0, .05, .10, .15, .20, .30, .40, .55 or .70 in every phase, "
        "the other activities in proportion; the best share is chosen on one half of the seeds and measured on the "
        "other. (c) The same at initial pressure 0.88 and 1.04, the ends of the plausible range."
    ),
    checks=(
        Check(
            name="P8a",
            says="Spending some days on plain help is better than spending none.",
            quantity="practice in month 120, best share of help minus none",
            arms=ARMS,
            effect=best_against(NAMES, "0", X120),
            ablation=Ablation(
                meaning="trust in the partner opens no doors and speeds nothing",
                settings={"access_without_trust": 1.0, "relationship_speed": 0.0, "talk_effect": 0.0},
            ),
        ),
        Check(
            name="P8b",
            says="Spending most days on help is worse than the best share.",
            quantity="practice in month 120, best share of help minus 0.7",
            arms=ARMS,
            effect=best_against(NAMES, "0.7", X120),
        ),
        Check(
            name="P8c",
            says="Whether the best share of help rises with pressure is open.",
            quantity="best share of days for help, at initial pressure 1.04 minus at 0.88",
            arms={
                f"{level} {share}": one
                for level, pressure in PRESSURES.items()
                for share, one in by_share("blended", "help", GRID, settings={"initial_pressure": pressure}).items()
            },
            effect=beside(*(of(f"{level} {share}", X120) for level in PRESSURES for share in NAMES)),
            combine=rise_of_best,
            rule=NoClaim(),
            unit="share of days",
        ),
    ),
)
