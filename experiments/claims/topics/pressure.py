"""Pressure: cuts, demand, and relationships that fall by the wayside."""

from experiments.claims.claim import Claim, pattern
from experiments.patterns.arms import arm
from experiments.patterns.check import Check
from experiments.patterns.effects import at, difference
from experiments.patterns.families.shocks import RIGIDITY
from experiments.patterns.families.usefulness import PRESSURES
from experiments.patterns.rules import Below

TOPIC = "Pressure"
CUTS = pattern("P15")
GROWTH = {"rising": 0.02, "level": 0.0}

CLAIMS = (
    Claim(
        name="cuts-hurt",
        topic=TOPIC,
        quote="managing huge cuts in budgets",
        says="Cuts in budgets leave less practice.",
        compared="Practice at month 120: budgets that fall by 2% a year minus level budgets",
        # No cuts is said outright, so that it stays so where the yearly cut itself is varied.
        check=pattern("P15", arms={**CUTS.arms, "level": CUTS.arms["level"].under(settings={"budget_cut": 0.0})}),
    ),
    Claim(
        name="demand-hurts",
        topic=TOPIC,
        quote="rising demand",
        says="Rising demand leaves less practice.",
        compared="Practice at month 120: demand that grows by 2% a year minus level demand",
        check=Check(
            name="demand-hurts",
            says="Demand that grows by 2% a year leaves less practice than level demand.",
            quantity="practice in month 120, demand growing by 2% a year minus level",
            arms={name: arm(settings={"demand_growth": growth}) for name, growth in GROWTH.items()},
            effect=difference("rising", "level", at("practice", 120)),
            rule=Below(),
            ablation=RIGIDITY,
        ),
    ),
    Claim(
        name="relationships-under-pressure",
        topic=TOPIC,
        quote="when we are under immense pressure … our relationships can fall by the wayside",
        says="Under pressure organisations trust one another less.",
        compared=(
            "Trust at month 120 without a learning partner: high pressure at the start (104% of capacity) minus low "
            "(88%)"
        ),
        check=Check(
            name="relationships-under-pressure",
            says="Trust ends lower under high pressure than under low.",
            quantity="trust in month 120 without partner, initial pressure 1.04 minus 0.88",
            arms={level: arm("none", settings={"initial_pressure": pressure}) for level, pressure in PRESSURES.items()},
            effect=difference("high", "low", at("trust", 120)),
            rule=Below(),
            unit="trust",
            ablation=RIGIDITY,
        ),
        outcome="trust",
    ),
)
