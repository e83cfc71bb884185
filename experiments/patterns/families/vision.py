"""P13: vision alone. What is espoused is not yet enacted."""

from experiments.patterns.arms import arm, one_phase
from experiments.patterns.check import Ablation, Check, Family
from experiments.patterns.effects import at, difference
from experiments.patterns.rules import Above, Within
from simulation.scenario import Shares

ARMS = {"vision": arm(one_phase(Shares(vision=1.0))), "nobody": arm("none")}

FAMILY = Family(
    name="P13",
    title="Vision alone",
    setting=(
        "All days for 60 months go into the vision, open talk adaptive, against no partner; read at month 60, its "
        "last. The outcome is failure demand's share of demand: *hardly* means inside ±0.02. The ablation takes away "
        "both ways in which these days reach practice: the vision itself, and the open talk that they earn trust for. "
        "(It took away the first alone until runs on other seeds showed that part of the lift comes by the second.)"
    ),
    checks=(
        Check(
            name="P13 espoused",
            says="Vision alone lifts the perspective behaviours.",
            quantity="practice of perspective behaviours in month 60, vision alone minus no partner",
            arms=ARMS,
            effect=difference("vision", "nobody", at("perspective", 60)),
            rule=Above(),
            ablation=Ablation(
                meaning="neither vision nor open talk has an effect on practice",
                settings={"vision_effect": 0.0, "talk_effect": 0.0},
            ),
        ),
        Check(
            name="P13 enacted",
            says="Vision alone hardly moves outcomes.",
            quantity="failure-demand share in month 60, vision alone minus no partner",
            arms=ARMS,
            effect=difference("vision", "nobody", at("failure_demand_share", 60)),
            rule=Within(0.02),
            unit="failure-demand share",
        ),
    ),
)
