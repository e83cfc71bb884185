"""P5: you move at the speed of relationships. More days do more where there is more trust."""

from experiments.patterns.arms import arm
from experiments.patterns.check import Ablation, Check, Family
from experiments.patterns.effects import at, difference, minus

FEW, MANY = 10.0, 40.0
WARY, TRUSTING = 0.1, 0.5
X60 = at("practice", 60)

FAMILY = Family(
    name="P5",
    title="Pace",
    setting=(
        "Blended route at half and double the default days (10, 40 a month) and at both ends of the plausible range "
        "of initial trust (0.1, 0.5). The interaction is what 30 more days add at high trust, less what they add at "
        "low trust."
    ),
    checks=(
        Check(
            name="P5",
            says="The same added days raise practice by more where trust is high.",
            quantity="practice in month 60, (days × trust) interaction",
            arms={
                f"{days:g} days, trust {trust:g}": arm(settings={"partner_days": days, "initial_trust": trust})
                for days in (FEW, MANY)
                for trust in (WARY, TRUSTING)
            },
            effect=minus(
                difference("40 days, trust 0.5", "10 days, trust 0.5", X60),
                difference("40 days, trust 0.1", "10 days, trust 0.1", X60),
            ),
            ablation=Ablation(
                meaning="relationships do not limit the speed of change", settings={"relationship_speed": 0.0}
            ),
        ),
    ),
)
