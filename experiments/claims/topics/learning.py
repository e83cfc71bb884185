"""Continuous learning: reflection, double loops, and slipping back."""

from experiments.claims.claim import Claim, pattern
from experiments.claims.topics.approach import SOME_LESS_NONE, share_against_none
from experiments.patterns.check import Ablation

TOPIC = "Continuous learning"

CLAIMS = (
    Claim(
        name="space-to-reflect",
        topic=TOPIC,
        quote="Part of our job is to create spaces for people to reflect, regroup, and focus",
        says="Days spent on reflection pay off.",
        compared=(
            "Practice at month 120: 15% of days spent on reflection, minus none, the other activities in proportion"
        ),
        check=pattern(
            "P9a",
            quantity="practice in month 120, reflection 15% of days minus none",
            arms=share_against_none("P9a"),
            effect=SOME_LESS_NONE,
        ),
    ),
    Claim(
        name="double-loop-learning",
        topic=TOPIC,
        quote="we often see our role as ‘double loop learning’",
        says="Practice slips back less where practising together keeps learning alive.",
        compared=(
            "Change of practice in the two years after the partner leaves at month 24: with double-loop learning, "
            "minus without"
        ),
        check=pattern(
            "P9b",
            ablation=Ablation(
                meaning="learning neither holds practice nor eases rigidity",
                settings={"slip_back_learning": 0.0, "rigidity_learning": 0.0},
            ),
        ),
        outcome="kept_after_exit",
    ),
    Claim(
        name="slipping-back",
        topic=TOPIC,
        quote="slipping back into business as usual is not uncommon",
        says="Practice slips back where the partner leaves after two years.",
        compared="Change of practice in the two years after the partner leaves at month 24",
        check=pattern("P12 early"),
        outcome="kept_after_exit",
    ),
)
