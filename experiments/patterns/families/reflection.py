"""P9: reflection is worth its days, and what is learned by practising together slows slip-back."""

from experiments.patterns.arms import arm, by_share
from experiments.patterns.check import Ablation, Check, Family
from experiments.patterns.effects import at, best_against, difference, kept
from simulation.scenario.events import FunderExit

GRID = (0.0, 0.05, 0.10, 0.15, 0.20, 0.30, 0.40, 0.55, 0.70)
NAMES = tuple(f"{share:g}" for share in GRID)
EARLY = (FunderExit(month=24),)

FAMILY = Family(
    name="P9",
    title="Reflection",
    setting=(
        "(a) Blended route with a share of days for reflection of 0 to .70 in every phase (grid as in P8), the best "
        "chosen on one half of the seeds and measured on the other. (b) Blended route that leaves at month 24, where "
        "practice slips back (P12): change of practice in the 24 months after that, with and without what practising "
        "collective learning teaches."
    ),
    checks=(
        Check(
            name="P9a",
            says="Spending some days on reflection is better than spending none.",
            quantity="practice in month 120, best share of reflection minus none",
            arms=by_share("blended", "reflect", GRID),
            effect=best_against(NAMES, "0", at("practice", 120)),
            ablation=Ablation(meaning="reflection teaches nothing", settings={"reflection_learning": 0.0}),
        ),
        Check(
            name="P9b",
            says="Practice slips back less where practising together keeps learning alive.",
            quantity="practice in month 48 less that in month 24, with double-loop learning minus without",
            arms={
                "on": arm(events=EARLY),
                "off": arm(events=EARLY, settings={"double_loop_learning": 0.0}),
            },
            effect=difference("on", "off", kept(24)),
        ),
    ),
)
