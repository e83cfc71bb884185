"""P10: windows of energy. Going where the energy is beats a fixed order, more so when shut windows cost more."""

from collections.abc import Mapping

from experiments.patterns.arms import arm
from experiments.patterns.check import Ablation, Check, Family
from experiments.patterns.effects import Effect, minus
from experiments.patterns.replicates import Replicates
from simulation.state import Floats

ROUTES = ("opportunistic", "manifesto-led", "prototype-led")
COSTLY, CHEAP = 0.1, 0.8


def advantage(ending: str = "") -> Effect:
    """Return what the opportunistic route gives above the mean of the two fixed orders."""

    def effect(arms: Mapping[str, Replicates]) -> Floats:
        opportunistic, manifesto, prototype = (arms[route + ending].at("practice", 120) for route in ROUTES)
        return opportunistic - (manifesto + prototype) / 2

    return effect


FAMILY = Family(
    name="P10",
    title="Windows of energy",
    setting=(
        "Ready routes at the defaults; then at both ends of the plausible range of the effect that is left when a "
        "window is shut (0.1, 0.8). The ablation makes a shut window cost nothing; the opportunistic route still "
        "mixes breadth and depth and still goes to other sites."
    ),
    checks=(
        Check(
            name="P10",
            says="Going where the energy is gives more practice than the mean of the two fixed orders.",
            quantity="practice in month 120, opportunistic minus the mean of manifesto-led and prototype-led",
            arms={route: arm(route) for route in ROUTES},
            effect=advantage(),
            ablation=Ablation(meaning="a shut window costs nothing", settings={"shut_window_effect": 1.0}),
        ),
        Check(
            name="P10 cost",
            says="Going where the energy is gains more where a shut window costs more.",
            quantity=(
                "the same advantage, where a tenth of the effect is left in a shut window minus where eight tenths are"
            ),
            arms={
                f"{route} {left:g}": arm(route, settings={"shut_window_effect": left})
                for route in ROUTES
                for left in (COSTLY, CHEAP)
            },
            effect=minus(advantage(" 0.1"), advantage(" 0.8")),
        ),
    ),
)
