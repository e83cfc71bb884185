"""P16: behaviours differ in order: perspective comes easiest, power hardest."""

from collections.abc import Mapping

from experiments.patterns.arms import arm
from experiments.patterns.check import Ablation, Check, Family
from experiments.patterns.effects import Effect
from experiments.patterns.replicates import Replicates
from simulation.state import Floats

ARMS = {"blended": arm()}


def gap(upper: str, lower: str) -> Effect:
    """Return how far one group of behaviours is ahead of another in month 120."""

    def effect(arms: Mapping[str, Replicates]) -> Floats:
        return arms["blended"].at(upper, 120) - arms["blended"].at(lower, 120)

    return effect


FAMILY = Family(
    name="P16",
    title="Behaviours differ",
    setting=(
        "Blended route, month 120. That perspective is easier and power harder is assumed (`behaviour_difficulty`); "
        "vision works on perspective alone besides. The ablation of the first check takes both away, that of the "
        "second the difficulty."
    ),
    checks=(
        Check(
            name="P16 upper",
            says="Perspective behaviours are ahead of participation behaviours.",
            quantity="practice in month 120, perspective minus participation",
            arms=ARMS,
            effect=gap("perspective", "participation"),
            ablation=Ablation(
                meaning="all behaviours are equally hard and vision has no effect",
                settings={"behaviour_difficulty": 0.0, "vision_effect": 0.0},
            ),
        ),
        Check(
            name="P16 lower",
            says="Participation behaviours are ahead of power behaviours.",
            quantity="practice in month 120, participation minus power",
            arms=ARMS,
            effect=gap("participation", "power"),
            ablation=Ablation(meaning="all behaviours are equally hard", settings={"behaviour_difficulty": 0.0}),
        ),
    ),
)
