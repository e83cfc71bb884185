"""P2: two regimes. The same place stays collaborative or stays as it was, depending on where it starts."""

from experiments.patterns.arms import arm, collaborative_start
from experiments.patterns.check import Ablation, Check, Family
from experiments.patterns.effects import collaborative, difference
from experiments.patterns.rules import Above

LEVEL = {"demand_growth": 0.0}

FAMILY = Family(
    name="P2",
    title="Two regimes",
    setting=(
        "No learning partner, no growth of demand, 240 months; value demand 0.48 is the default. High start: practice "
        "0.65, mean trust 0.75, infrastructure 0.55. Low start: the generated place's own (practice 0 to 0.12, trust "
        "0.30, infrastructure 0.10). A place counts as collaborative where mean practice is above 0.25 at the end. "
        "The ablation cuts the same loop as P1."
    ),
    checks=(
        Check(
            name="P2",
            says=(
                "Started high, a place is collaborative after 240 months far more often than the same place started "
                "low."
            ),
            quantity="share of places collaborative in month 240, high start minus low start",
            arms={
                "high": arm(
                    "none",
                    months=240,
                    place=collaborative_start(),
                    settings=LEVEL | {"initial_trust": 0.75, "initial_infrastructure": 0.55},
                ),
                "low": arm("none", months=240, settings=LEVEL),
            },
            effect=difference("high", "low", collaborative(240)),
            rule=Above(0.3),
            unit="probability",
            ablation=Ablation(meaning="practice lowers no failure demand", settings={"failure_demand_reduction": 0.0}),
        ),
    ),
)
