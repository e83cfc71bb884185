"""P12: when the partner leaves early, practice slips back; when it leaves late, practice sustains."""

from experiments.patterns.arms import arm
from experiments.patterns.check import Ablation, Check, Family
from experiments.patterns.effects import kept, of
from experiments.patterns.rules import Above, Below
from simulation.scenario.events import FunderExit

FAMILY = Family(
    name="P12",
    title="Leaving",
    setting=(
        "Blended route that ends at month 24, or stays its 60 months. Kept after leaving is practice 24 months after "
        "exit minus practice at exit. *Sustains* means: does not fall by the smallest difference worth a word, 0.02."
    ),
    checks=(
        Check(
            name="P12 early",
            says="Leaving after two years lets practice slip back.",
            quantity="practice in month 48 less that in month 24, partner left at month 24",
            arms={"left at 24": arm(events=(FunderExit(month=24),))},
            effect=of("left at 24", kept(24)),
            rule=Below(),
            ablation=Ablation(meaning="practice does not slip back", settings={"slip_back": 0.0}),
        ),
        Check(
            name="P12 late",
            says="Leaving after five years sustains practice.",
            quantity="practice in month 84 less that in month 60, partner left at month 60",
            arms={"left at 60": arm()},
            effect=of("left at 60", kept(60)),
            rule=Above(-0.02),
        ),
    ),
)
