"""P11: from project to approach. Prototypes need widening, evidence, the right number of sites, perhaps closeness."""

from experiments.patterns.arms import Arm, arm, changed_route, one_phase, route
from experiments.patterns.check import Check, Family
from experiments.patterns.effects import at, best_against, difference, minus
from experiments.patterns.rules import Within

X120 = at("practice", 120)
SITES = (1, 2, 3, 5, 8, 12, 20, 30)
NAMES = tuple(str(number) for number in SITES)
BY_SITES = {str(number): arm(changed_route("prototype-led", number_of_sites=number)) for number in SITES}
STEEPNESS = {"steep": 8.0, "simple": 1.0}


def placed(rule: str, council: str, steepness: float) -> Arm:
    """Return the prototype-led route with sites chosen by a rule, under a steepness of contagion."""
    entry = changed_route("prototype-led", site_rule=rule, council=council)
    return arm(entry, settings={"contagion_steepness": steepness})


def for_ever() -> Arm:
    """Return a route that goes on with its first phase, prototypes, for as long as the partner stays."""
    return arm(one_phase(route("prototype-led").phases[0].shares))


def closeness(*, council: str, ending: str = "") -> tuple[Check, ...]:
    """Return the checks on neighbouring sites; the council may be in the cluster ("ranked") or not ("out")."""
    arms = {
        degree: {
            f"clustered, {degree}": placed("clustered", council, steepness),
            f"scattered, {degree}": placed("scattered", "out", steepness),
        }
        for degree, steepness in STEEPNESS.items()
    }
    gain = {
        degree: difference(f"clustered, {degree}", f"scattered, {degree}", at("practice", 120)) for degree in STEEPNESS
    }
    return (
        Check(
            name=f"P11c{ending}",
            says="Under steep contagion, neighbouring sites beat scattered ones.",
            quantity="practice in month 120, clustered minus scattered sites, steepness 8",
            arms=arms["steep"],
            effect=gain["steep"],
        ),
        Check(
            name=f"P11d{ending}",
            says="Neighbouring sites gain more under steep contagion than under simple contagion.",
            quantity="practice in month 120, clustered minus scattered, at steepness 8 minus at steepness 1",
            arms=arms["steep"] | arms["simple"],
            effect=minus(gain["steep"], gain["simple"]),
        ),
        Check(
            name=f"P11d only{ending}",
            says="Under simple contagion, neighbouring sites do not beat scattered ones.",
            quantity="practice in month 120, clustered minus scattered sites, steepness 1",
            arms=arms["simple"],
            effect=gain["simple"],
            rule=Within(0.02),
        ),
    )


FAMILY = Family(
    name="P11",
    title="From project to approach",
    setting=(
        "Prototype-led route. (a) Against 60 months of its first phase, read as reach: the share of organisations "
        "with practice above 0.3. (b) With evidence lowering thresholds and without. (c, d) Five sites in one cluster "
        "or scattered, at contagion steepness 8 (the steep end of the plausible range) and 1 (simple contagion). By "
        "the model's rules scattered sites leave the council out, while a cluster may take it in as somebody's "
        "neighbour; so that it can't decide, the three checks are run again with the council out of both. (e, f) 1, "
        "2, 3, 5, 8, 12, 20 or 30 sites, the best chosen on one half of the seeds and measured on the other. (The "
        "checks without the council were written first, by mistake, in place of those by the model's rules; on the "
        "seeds used for writing they did not hold, and both are kept.)"
    ),
    checks=(
        Check(
            name="P11a",
            says="Prototypes that widen into an approach reach more organisations than prototypes for ever.",
            quantity="reach in month 120, prototype-led minus prototypes for ever",
            arms={"prototype-led": arm("prototype-led"), "for ever": for_ever()},
            effect=difference("prototype-led", "for ever", at("reach", 120)),
            unit="share of organisations",
        ),
        Check(
            name="P11b",
            says="Evidence from prototypes helps practice to spread.",
            quantity="practice in month 120, with evidence lowering thresholds minus without",
            arms={
                "evidence": arm("prototype-led"),
                "none": arm("prototype-led", settings={"evidence_on_threshold": 0.0}),
            },
            effect=difference("evidence", "none", X120),
        ),
        *closeness(council="ranked"),
        *closeness(council="out", ending=" (council out of both)"),
        Check(
            name="P11e",
            says="A few sites are better than one.",
            quantity="practice in month 120, best number of sites minus one",
            arms=BY_SITES,
            effect=best_against(NAMES, "1", X120),
        ),
        Check(
            name="P11f",
            says="A few sites are better than spreading prototypes over every organisation.",
            quantity="practice in month 120, best number of sites minus thirty",
            arms=BY_SITES,
            effect=best_against(NAMES, "30", X120),
        ),
    ),
)
