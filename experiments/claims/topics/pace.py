"""Pace: you can only move at the speed of your relationships."""

from experiments.claims.claim import Claim, pattern
from experiments.patterns.arms import arm
from experiments.patterns.check import Ablation, Check
from experiments.patterns.effects import at, difference

CLAIMS = (
    Claim(
        name="speed-of-relationships",
        topic="Pace",
        quote="You can only move at the speed of your relationships",
        says="The same added work does more where organisations trust one another.",
        compared=(
            "What 30 more days a month add to practice by month 60 where trust starts high (0.5), less what they add "
            "where it starts low (0.1)"
        ),
        check=pattern("P5"),
    ),
    Claim(
        name="relationships-first",
        topic="Pace",
        quote=(
            "Building relationships, orientating ourselves within the place … has been the most important foundation "
            "of any of the work"
        ),
        says="Half a year spent on relationships and understanding first pays off in the end.",
        compared=(
            "Practice at month 120: six months of diagnostic before the manifesto, minus the manifesto from the first "
            "day, the same days in all"
        ),
        check=Check(
            name="relationships-first",
            says="A diagnostic before the manifesto gives more practice than the manifesto at once.",
            quantity="practice in month 120, diagnostic-first minus manifesto-led",
            arms={"diagnostic": arm("diagnostic-first"), "manifesto": arm("manifesto-led")},
            effect=difference("diagnostic", "manifesto", at("practice", 120)),
            ablation=Ablation(
                meaning="relationships open no doors and speed nothing",
                settings={"access_without_trust": 1.0, "relationship_speed": 0.0},
            ),
        ),
    ),
)
