"""Approach: being helpful matters. Components: infrastructure makes it last."""

from experiments.claims.claim import Claim, pattern
from experiments.patterns.arms import Arm
from experiments.patterns.check import Ablation
from experiments.patterns.effects import at, difference

SHARE = "0.15"
"""Share of days for help or for reflection that is held against none, fixed before any run: about the ready routes'."""


def share_against_none(check: str) -> dict[str, Arm]:
    """Return two of the arms of a check over shares of days: the share that was fixed, and none."""
    arms = pattern(check).arms
    return {"some": arms[SHARE], "none": arms["0"]}


SOME_LESS_NONE = difference("some", "none", at("practice", 120))

CLAIMS = (
    Claim(
        name="being-helpful",
        topic="Approach",
        quote=(
            "do something that is not directly related to the objectives of our work, but which helps build the "
            "relationship and the trust"
        ),
        says="Days spent on being plainly helpful pay off.",
        compared=(
            "Practice at month 120: 15% of days spent on plain help, minus none, the other activities in proportion"
        ),
        check=pattern(
            "P8a",
            quantity="practice in month 120, help 15% of days minus none",
            arms=share_against_none("P8a"),
            effect=SOME_LESS_NONE,
        ),
    ),
    Claim(
        name="infrastructure-holds",
        topic="Components",
        quote="Behaviours are critical, but unless organisations also change, the system will struggle to change too",
        says="Less practice slips back after the partner leaves where infrastructure could be rewired.",
        compared=(
            "Change of practice in the two years after the partner leaves at month 60: with infrastructure that can "
            "be rewired, minus with infrastructure that stays as it was"
        ),
        check=pattern(
            "P7a",
            ablation=Ablation(
                meaning="infrastructure neither limits nor holds practice",
                settings={"ceiling_base": 1.0, "slip_back_infrastructure": 0.0},
            ),
        ),
        outcome="kept_after_exit",
    ),
)
