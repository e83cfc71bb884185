"""Entry: different routes in, out of your control; and from project to approach."""

from experiments.claims.claim import Claim, pattern
from experiments.patterns.arms import arm
from experiments.patterns.check import Ablation, Check
from experiments.patterns.effects import at, difference

PRIMARY = "route-in"
"""The contrast named before any run: prototype-led minus manifesto-led."""

CLAIMS = (
    Claim(
        name=PRIMARY,
        topic="Entry",
        quote="There are different routes into the system",
        says="The way in leaves its mark: entry by prototypes ends with more practice than entry by a manifesto.",
        compared="Practice at month 120: prototype-led entry minus manifesto-led entry, the same days in all",
        check=Check(
            name="route-in",
            says="Prototype-led entry gives more practice than manifesto-led entry.",
            quantity="practice in month 120, prototype-led minus manifesto-led",
            arms={"prototype-led": arm("prototype-led"), "manifesto-led": arm("manifesto-led")},
            effect=difference("prototype-led", "manifesto-led", at("practice", 120)),
            ablation=Ablation(
                meaning="prototypes have no direct effect on practice", settings={"prototype_effect": 0.0}
            ),
        ),
        note="The essay says that routes differ, not which does better. This side was named before any run.",
    ),
    Claim(
        name="go-where-the-energy-is",
        topic="Entry",
        quote="being prepared to go where the energy presents itself",
        says="Going where the energy is does more than a fixed order of work.",
        compared=(
            "Practice at month 120: going where and when windows are open, minus the mean of the two fixed orders "
            "(manifesto-led, prototype-led), the same days in all"
        ),
        check=pattern("P10"),
    ),
    Claim(
        name="project-to-approach",
        topic="Entry",
        quote="learn from them, moving from project to approach",
        says="Prototypes that widen into an approach reach more organisations than prototypes for ever.",
        compared=(
            "Share of organisations with practice above 3 of 10 at month 120: prototypes that widen, minus 60 months "
            "of prototypes alone"
        ),
        check=pattern(
            "P11a", ablation=Ablation(meaning="others’ example has no effect", settings={"social_weight": 0.0})
        ),
        outcome="reach",
    ),
)
