"""P4: trust is slow to gain and quick to lose. A check of settings, not something that emerges."""

from collections.abc import Mapping

from experiments.patterns.arms import arm
from experiments.patterns.check import Check, Family
from experiments.patterns.effects import Effect
from experiments.patterns.replicates import Replicates
from experiments.patterns.rules import Above, Below
from simulation.state import Floats

ARMS = {"blended": arm(watch_trust=True)}


def of_trust(column: int) -> Effect:
    """Return the effect that reads how trust moved: the ratio (0) or the skewness (1)."""

    def effect(arms: Mapping[str, Replicates]) -> Floats:
        return arms["blended"].trust_moves[:, column]

    return effect


FAMILY = Family(
    name="P4",
    title="Slow gain, fast loss",
    setting=(
        "Blended route; every relationship in every programme month. A relationship that loses more than a tenth of "
        "its trust in a month was breached. This follows from parameters that were chosen for it: it is a check of "
        "settings."
    ),
    checks=(
        Check(
            name="P4 cost",
            says="A breach of trust costs over five times what an ordinary month gains.",
            quantity="mean trust lost in a breach, in mean gains of a month in which trust grew",
            arms=ARMS,
            effect=of_trust(0),
            rule=Above(5.0),
            unit="months' gains",
        ),
        Check(
            name="P4 skew",
            says="Monthly changes of trust lean far to the side of loss.",
            quantity="skewness of monthly changes of trust",
            arms=ARMS,
            effect=of_trust(1),
            rule=Below(-1.0),
            unit="skewness",
        ),
    ),
)
