"""P6: when to name the behaviours openly: never, from the first day, or where relationships are ready."""

from experiments.patterns.arms import arm, changed_route
from experiments.patterns.check import Ablation, Check, Family
from experiments.patterns.effects import at, difference
from experiments.patterns.rules import Above, Below

X120 = at("practice", 120)
NEVER = arm(changed_route("blended", open_talk="never"))
DAY_ONE = arm(changed_route("blended", open_talk="from-month", open_from=0))
ADAPTIVE = arm(changed_route("blended", open_talk="adaptive"))
HARMLESS = Ablation(meaning="talking too early costs nothing", settings={"talk_damage": 0.0})


def checks(alternative: str = "") -> tuple[Check, ...]:
    """Return the three checks under a structural alternative (default: the model's own `split`)."""
    ending = f" ({alternative})" if alternative else ""
    return (
        Check(
            name=f"P6a{ending}",
            says="Naming the behaviours openly from the first day is worse than never naming them.",
            quantity="practice in month 120, open from day one minus never",
            arms={"day one": DAY_ONE, "never": NEVER},
            effect=difference("day one", "never", X120),
            rule=Below(),
            ablation=HARMLESS,
            alternative=alternative,
        ),
        Check(
            name=f"P6b{ending}",
            says="Naming them where relationships are ready is better than never naming them.",
            quantity="practice in month 120, adaptive minus never",
            arms={"adaptive": ADAPTIVE, "never": NEVER},
            effect=difference("adaptive", "never", X120),
            rule=Above(),
            ablation=Ablation(meaning="open talk adds nothing to the drive", settings={"talk_effect": 0.0}),
            alternative=alternative,
        ),
        Check(
            name=f"P6c{ending}",
            says="Naming them where relationships are ready is better than from the first day.",
            quantity="practice in month 120, adaptive minus open from day one",
            arms={"adaptive": ADAPTIVE, "day one": DAY_ONE},
            effect=difference("adaptive", "day one", X120),
            rule=Above(),
            ablation=HARMLESS,
            alternative=alternative,
        ),
    )


FAMILY = Family(
    name="P6",
    title="Timing",
    setting=(
        "Blended route with open talk never, from the first month, or adaptive (where readiness is above 0.8). "
        "Whether the first day is worse than never depends on a structural choice, so the three checks are run under "
        "both: `split`, the default, in which peers teach one another at the speed of trust among organisations; and "
        "`maturity`, in which trust in the partner speeds that too."
    ),
    checks=(*checks(), *checks("speed_limit=maturity")),
)
