"""P7: infrastructure holds what is there. It keeps practice after exit, does nothing alone, and shields from shocks."""

from experiments.patterns.arms import arm, by_share
from experiments.patterns.check import Ablation, Check, Family
from experiments.patterns.effects import at, beside, best_against, collaborative, difference, kept, smaller
from experiments.patterns.families.shocks import shocked
from experiments.patterns.rules import Within

GRID = (0.0, 0.05, 0.10, 0.15, 0.20, 0.30, 0.40, 0.55, 0.70)
NAMES = tuple(f"{share:g}" for share in GRID)
X120 = at("practice", 120)

FAMILY = Family(
    name="P7",
    title="Infrastructure",
    setting=(
        "(a) Blended route, which leaves at month 60: change of practice in the 24 months after that, with the "
        "ratchet and with infrastructure kept where it was (`--without infrastructure`). (b) No partner, "
        "infrastructure at 0.55 against 0.10. (c) As P3 with a shock of 20%, infrastructure 0.55 against 0.10. (d) "
        "Blended route with a share of days for rewiring of 0, .05, .10, .15, .20, .30, .40, .55 or .70 in every "
        "phase, the other activities in proportion; the best share is chosen on one half of the seeds and measured on "
        "the other."
    ),
    checks=(
        Check(
            name="P7a",
            says="More practice is kept after the partner leaves where infrastructure could be rewired.",
            quantity="practice in month 84 less that in month 60, with the ratchet minus without",
            arms={
                "ratchet": arm(),
                "none": arm(settings={"rewire_gain": 0.0, "infrastructure_decay": 0.0}),
            },
            effect=difference("ratchet", "none", kept(60)),
        ),
        Check(
            name="P7b",
            says="Infrastructure alone moves no failure demand.",
            quantity="failure-demand share in month 120 without partner, infrastructure 0.55 minus 0.10",
            arms={
                "high": arm("none", settings={"initial_infrastructure": 0.55}),
                "low": arm("none", settings={"initial_infrastructure": 0.10}),
            },
            effect=difference("high", "low", at("failure_demand_share", 120)),
            rule=Within(0.02),
            unit="failure-demand share",
        ),
        Check(
            name="P7c",
            says="Places with much infrastructure stay collaborative through a shock that topples places with little.",
            quantity="share of places collaborative in month 120 after the shock, infrastructure 0.55 minus 0.10",
            arms={
                "high": shocked(0.2, infrastructure=0.55),
                "low": shocked(0.2, infrastructure=0.10),
            },
            effect=difference("high", "low", collaborative(120)),
            unit="probability",
            ablation=Ablation(
                meaning="infrastructure neither limits nor holds practice",
                settings={"ceiling_base": 1.0, "slip_back_infrastructure": 0.0},
            ),
        ),
        Check(
            name="P7d",
            says="The best share of days for rewiring is neither none nor most of them.",
            quantity="practice in month 120 at the best share minus that at share 0 or 0.7, whichever is closer",
            arms=by_share("blended", "rewire", GRID),
            effect=beside(best_against(NAMES, "0", X120), best_against(NAMES, "0.7", X120)),
            combine=smaller,
            ablation=Ablation(meaning="rewiring changes no infrastructure", settings={"rewire_gain": 0.0}),
        ),
    ),
)
