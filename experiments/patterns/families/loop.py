"""P1: the reinforcing loop. Practice lowers failure demand, which frees capacity, which lets practice grow."""

from experiments.patterns.arms import arm
from experiments.patterns.check import Check, Family
from experiments.patterns.effects import at, difference

FAMILY = Family(
    name="P1",
    title="The loop",
    setting=(
        "Blended route, 120 months. The loop is cut by letting practice lower no failure demand "
        "(`failure_demand_reduction` 0): the check is its own ablation."
    ),
    checks=(
        Check(
            name="P1",
            says=(
                "With the loop from practice to failure demand to capacity, practice ends higher than with the loop "
                "cut."
            ),
            quantity="practice in month 120, with the loop minus with it cut",
            arms={"loop": arm(), "cut": arm(settings={"failure_demand_reduction": 0.0})},
            effect=difference("loop", "cut", at("practice", 120)),
        ),
    ),
)
