"""P3: a demand shock topples a place whose infrastructure is thin; and entry is worse before it is better."""

from experiments.patterns.arms import Arm, arm, collaborative_start
from experiments.patterns.check import Ablation, Check, Family
from experiments.patterns.effects import at, collaborative, difference, slope
from experiments.patterns.rules import Above, Below
from simulation.scenario.events import DemandShock

SIZES = {"no shock": 0.0, "shock of 10%": 0.1, "shock of 20%": 0.2, "shock of 30%": 0.3}
MIDDLE = "shock of 20%"
BEGINS, LASTS = 12, 36
RIGIDITY = Ablation(meaning="organisations do not become rigid under pressure", settings={"rigidity_limit": 0.0})


def shocked(size: float, *, infrastructure: float) -> Arm:
    """Return a collaborative place without a partner, whose value demand rises by a share for 36 months."""
    shock = (DemandShock(month=BEGINS, size=size, months=LASTS),) if size else ()
    return arm(
        "none",
        place=collaborative_start(),
        settings={"initial_trust": 0.75, "initial_infrastructure": infrastructure},
        events=shock,
    )


THIN = {name: shocked(size, infrastructure=0.10) for name, size in SIZES.items()}
PARTNER = {"blended": arm(), "nobody": arm("none")}

FAMILY = Family(
    name="P3",
    title="Shocks, and worse before better",
    setting=(
        "P3 and its dose-response: no partner, practice started at 0.65 and trust at 0.75, infrastructure thin at the "
        "default 0.10; value demand rises by 10, 20 or 30% from month 12 for 36 months. Read at month 120, 72 months "
        "after the shock is over. P3 takes the middle size; the slope takes all. P3b and P3c: blended route against "
        "no partner."
    ),
    checks=(
        Check(
            name="P3",
            says="A demand shock of three years leaves fewer collaborative places where infrastructure is thin.",
            quantity="share of places collaborative in month 120, no shock minus shock of 20%",
            arms={name: THIN[name] for name in ("no shock", MIDDLE)},
            effect=difference("no shock", MIDDLE, collaborative(120)),
            unit="probability",
            ablation=RIGIDITY,
        ),
        Check(
            name="P3 size",
            says="The larger the shock, the fewer places stay collaborative.",
            quantity="change of the share collaborative in month 120 for each whole unit of shock (0, 10, 20, 30%)",
            arms=THIN,
            effect=slope(SIZES, collaborative(120)),
            rule=Below(),
            unit="probability a unit",
            ablation=RIGIDITY,
        ),
        Check(
            name="P3b",
            says="Worse before better: six months in, pressure is above what it would be without the partner.",
            quantity="pressure in month 6, blended minus no partner",
            arms=PARTNER,
            effect=difference("blended", "nobody", at("pressure", 6)),
            rule=Above(),
            unit="pressure",
            ablation=Ablation(meaning="changing costs no capacity", settings={"change_cost": 0.0}),
        ),
        Check(
            name="P3c",
            says="After five years pressure is below what it would be without the partner.",
            quantity="pressure in month 60, blended minus no partner",
            arms=PARTNER,
            effect=difference("blended", "nobody", at("pressure", 60)),
            rule=Below(),
            unit="pressure",
            ablation=Ablation(meaning="practice lowers no failure demand", settings={"failure_demand_reduction": 0.0}),
        ),
    ),
)
