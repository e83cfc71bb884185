"""P15: cuts hurt."""

from experiments.patterns.arms import arm
from experiments.patterns.check import Ablation, Check, Family
from experiments.patterns.effects import at, difference
from experiments.patterns.rules import Below

FAMILY = Family(
    name="P15",
    title="Cuts",
    setting="Blended route with budgets that fall by 2% a year from the first programme month, none of it absorbed.",
    checks=(
        Check(
            name="P15",
            says="Cuts of 2% a year leave less practice.",
            quantity="practice in month 120, cuts of 2% a year minus none",
            arms={"cuts": arm(settings={"budget_cut": 0.02}), "level": arm()},
            effect=difference("cuts", "level", at("practice", 120)),
            rule=Below(),
            ablation=Ablation(meaning="cuts take no capacity", settings={"cut_absorbed": 1.0}),
        ),
    ),
)
