"""The patterns as data, in ODD's order."""

from collections.abc import Callable, Mapping

import numpy as np

from experiments.arms import Arm, arm, by_share, changed_route, collaborative_start, one_phase, route
from experiments.contrast import (
    Ablation,
    Check,
    Effect,
    Family,
    at,
    beside,
    best_against,
    collaborative,
    difference,
    kept,
    minus,
    of,
    slope,
    smaller,
)
from experiments.inference import Above, Below, NoClaim, Within
from experiments.replicates import Replicates
from simulation.scenario import Shares
from simulation.scenario.events import DemandShock, FunderExit
from simulation.state import Floats

CUTS = Family(
    name="P15",
    title="Cuts",
    setting="Blended route with budgets that fall by 2% a year from the first programme month, none of it absorbed.",
    checks=(
        Check(
            name="P15",
            says="Cuts of 2% a year leave less practice.",
            quantity="practice in month 120, cuts of 2% a year minus none",
            arms={"cuts": arm(settings={"budget_cut": 0.02}), "level": arm()},
            effect=difference("cuts", "level", at("practice", 120)),
            rule=Below(),
            ablation=Ablation(meaning="cuts take no capacity", settings={"cut_absorbed": 1.0}),
        ),
    ),
)

# P16: behaviours differ in order: perspective comes easiest, power hardest.


DIFFERENCES_ARMS = {"blended": arm()}


def gap(upper: str, lower: str) -> Effect:
    """Return how far one group of behaviours is ahead of another in month 120."""

    def effect(arms: Mapping[str, Replicates]) -> Floats:
        return arms["blended"].at(upper, 120) - arms["blended"].at(lower, 120)

    return effect


DIFFERENCES = Family(
    name="P16",
    title="Behaviours differ",
    setting=(
        "Blended route, month 120. That perspective is easier and power harder is assumed (`behaviour_difficulty`); "
        "vision works on perspective alone besides. The ablation of the first check takes both away, that of the "
        "second the difficulty."
    ),
    checks=(
        Check(
            name="P16 upper",
            says="Perspective behaviours are ahead of participation behaviours.",
            quantity="practice in month 120, perspective minus participation",
            arms=DIFFERENCES_ARMS,
            effect=gap("perspective", "participation"),
            ablation=Ablation(
                meaning="all behaviours are equally hard and vision has no effect",
                settings={"behaviour_difficulty": 0.0, "vision_effect": 0.0},
            ),
        ),
        Check(
            name="P16 lower",
            says="Participation behaviours are ahead of power behaviours.",
            quantity="practice in month 120, participation minus power",
            arms=DIFFERENCES_ARMS,
            effect=gap("participation", "power"),
            ablation=Ablation(meaning="all behaviours are equally hard", settings={"behaviour_difficulty": 0.0}),
        ),
    ),
)

# P3: a demand shock topples a place whose infrastructure is thin; and entry is worse before it is better.


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

SHOCKS = Family(
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

# P7: infrastructure holds what is there. It keeps practice after exit, does nothing alone, and shields from shocks.


GRID = (0.0, 0.05, 0.10, 0.15, 0.20, 0.30, 0.40, 0.55, 0.70)
INFRASTRUCTURE_NAMES = tuple(f"{share:g}" for share in GRID)
X120 = at("practice", 120)

INFRASTRUCTURE = Family(
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
            effect=beside(
                best_against(INFRASTRUCTURE_NAMES, "0", X120), best_against(INFRASTRUCTURE_NAMES, "0.7", X120)
            ),
            combine=smaller,
            ablation=Ablation(meaning="rewiring changes no infrastructure", settings={"rewire_gain": 0.0}),
        ),
    ),
)

# P14: trust leads practice, and practice leads failure demand.


MONTHS = 121
LEADS_ARMS = {"blended": arm()}


def half_way(paths: Floats) -> Floats:
    """Return the month in which each path (rows, months) is half-way from its first value to its farthest one.

    The month is read between whole months by a straight line; a path that never moves gives not a number.
    """
    moved = np.abs(paths - paths[:, :1])
    half = moved.max(axis=1) / 2
    there = (moved >= half[:, None]).argmax(axis=1)
    rows = np.arange(len(paths))
    before = np.maximum(there - 1, 0)
    with np.errstate(invalid="ignore"):
        step = (half - moved[rows, before]) / (moved[rows, there] - moved[rows, before])
    return np.where(half > 0, before + step, np.nan)


def paths(*names: str) -> Callable[[Mapping[str, Replicates]], Floats]:
    """Return the effect that lays series from month 0 to 120 end to end, a row a seed."""
    return lambda arms: np.column_stack([arms["blended"].series[name][:, :MONTHS] for name in names])


def lead(means: Floats) -> Floats:
    """Combine two mean paths laid end to end into the months by which the first is half-way before the second."""
    return half_way(means[:, MONTHS:]) - half_way(means[:, :MONTHS])


def trust_leads(alternative: str = "") -> Check:
    """Return the first check under a structural alternative (default: the model's own `split`)."""
    return Check(
        name=f"P14a ({alternative})" if alternative else "P14a",
        says="Trust grows before practice does.",
        quantity="months by which mean trust is half-way before mean practice",
        arms=LEADS_ARMS,
        effect=paths("trust", "practice"),
        combine=lead,
        unit="months",
        ablation=Ablation(
            meaning="relationships do not limit the speed of change", settings={"relationship_speed": 0.0}
        ),
        alternative=alternative,
    )


LEADS = Family(
    name="P14",
    title="What leads what",
    setting=(
        "Blended route, paths of the mean over seeds from month 0 to 120. A path is half-way when it has come half of "
        "the distance from month 0 to its farthest value; one path leads another by the months between their "
        "half-ways. Seeds are resampled, then averaged."
    ),
    checks=(
        trust_leads(),
        Check(
            name="P14b",
            says="Practice grows before failure demand falls.",
            quantity="months by which mean practice is half-way before the mean failure-demand share",
            arms=LEADS_ARMS,
            effect=paths("practice", "failure_demand_share"),
            combine=lead,
            unit="months",
        ),
        trust_leads("speed_limit=maturity"),
    ),
)

# P12: when the partner leaves early, practice slips back; when it leaves late, practice sustains.


LEAVING = Family(
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

# P1: the reinforcing loop. Practice lowers failure demand, which frees capacity, which lets practice grow.


LOOP = Family(
    name="P1",
    title="The loop",
    setting=(
        "Blended route, 120 months. The loop is cut by letting practice lower no failure demand "
        "(`failure_demand_reduction` 0): the check is its own ablation."
    ),
    checks=(
        Check(
            name="P1",
            says=(
                "With the loop from practice to failure demand to capacity, practice ends higher than with the loop "
                "cut."
            ),
            quantity="practice in month 120, with the loop minus with it cut",
            arms={"loop": arm(), "cut": arm(settings={"failure_demand_reduction": 0.0})},
            effect=difference("loop", "cut", at("practice", 120)),
        ),
    ),
)

# P5: you move at the speed of relationships. More days do more where there is more trust.


FEW, MANY = 10.0, 40.0
WARY, TRUSTING = 0.1, 0.5
X60 = at("practice", 60)

PACE = Family(
    name="P5",
    title="Pace",
    setting=(
        "Blended route at half and double the default days (10, 40 a month) and at both ends of the plausible range "
        "of initial trust (0.1, 0.5). The interaction is what 30 more days add at high trust, less what they add at "
        "low trust."
    ),
    checks=(
        Check(
            name="P5",
            says="The same added days raise practice by more where trust is high.",
            quantity="practice in month 60, (days × trust) interaction",
            arms={
                f"{days:g} days, trust {trust:g}": arm(settings={"partner_days": days, "initial_trust": trust})
                for days in (FEW, MANY)
                for trust in (WARY, TRUSTING)
            },
            effect=minus(
                difference("40 days, trust 0.5", "10 days, trust 0.5", X60),
                difference("40 days, trust 0.1", "10 days, trust 0.1", X60),
            ),
            ablation=Ablation(
                meaning="relationships do not limit the speed of change", settings={"relationship_speed": 0.0}
            ),
        ),
    ),
)

# P11: from project to approach. Prototypes need widening, evidence, the right number of sites, perhaps closeness.


SITES = (1, 2, 3, 5, 8, 12, 20, 30)
PROTOTYPES_NAMES = tuple(str(number) for number in SITES)
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


PROTOTYPES = Family(
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
            effect=best_against(PROTOTYPES_NAMES, "1", X120),
        ),
        Check(
            name="P11f",
            says="A few sites are better than spreading prototypes over every organisation.",
            quantity="practice in month 120, best number of sites minus thirty",
            arms=BY_SITES,
            effect=best_against(PROTOTYPES_NAMES, "30", X120),
        ),
    ),
)

# P9: reflection is worth its days, and what is learned by practising together slows slip-back.


REFLECTION_NAMES = tuple(f"{share:g}" for share in GRID)
EARLY = (FunderExit(month=24),)

REFLECTION = Family(
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
            effect=best_against(REFLECTION_NAMES, "0", at("practice", 120)),
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

# P2: two regimes. The same place stays collaborative or stays as it was, depending on where it starts.


LEVEL = {"demand_growth": 0.0}

REGIMES = Family(
    name="P2",
    title="Two regimes",
    setting=(
        "No learning partner, no growth of demand, 240 months; value demand 0.48 is the default. High start: practice "
        "0.65, mean trust 0.75, infrastructure 0.55. Low start: the generated place's own (practice 0 to 0.12, trust "
        "0.30, infrastructure 0.10). A place counts as collaborative where mean practice is above 0.25 at the end. "
        "The ablation cuts the same loop as P1."
    ),
    checks=(
        Check(
            name="P2",
            says=(
                "Started high, a place is collaborative after 240 months far more often than the same place started "
                "low."
            ),
            quantity="share of places collaborative in month 240, high start minus low start",
            arms={
                "high": arm(
                    "none",
                    months=240,
                    place=collaborative_start(),
                    settings=LEVEL | {"initial_trust": 0.75, "initial_infrastructure": 0.55},
                ),
                "low": arm("none", months=240, settings=LEVEL),
            },
            effect=difference("high", "low", collaborative(240)),
            rule=Above(0.3),
            unit="probability",
            ablation=Ablation(meaning="practice lowers no failure demand", settings={"failure_demand_reduction": 0.0}),
        ),
    ),
)

# P4: trust is slow to gain and quick to lose. A check of settings, not something that emerges.


RELATIONSHIPS_ARMS = {"blended": arm(watch_trust=True)}


def of_trust(column: int) -> Effect:
    """Return the effect that reads how trust moved: the ratio (0) or the skewness (1)."""

    def effect(arms: Mapping[str, Replicates]) -> Floats:
        return arms["blended"].trust_moves[:, column]

    return effect


RELATIONSHIPS = Family(
    name="P4",
    title="Slow gain, fast loss",
    setting=(
        "Blended route; every relationship in every programme month. A relationship that loses more than a tenth of "
        "its trust in a month was breached. This follows from parameters that were chosen for it: it is a check of "
        "settings."
    ),
    checks=(
        Check(
            name="P4 cost",
            says="A breach of trust costs over five times what an ordinary month gains.",
            quantity="mean trust lost in a breach, in mean gains of a month in which trust grew",
            arms=RELATIONSHIPS_ARMS,
            effect=of_trust(0),
            rule=Above(5.0),
            unit="months' gains",
        ),
        Check(
            name="P4 skew",
            says="Monthly changes of trust lean far to the side of loss.",
            quantity="skewness of monthly changes of trust",
            arms=RELATIONSHIPS_ARMS,
            effect=of_trust(1),
            rule=Below(-1.0),
            unit="skewness",
        ),
    ),
)

# P6: when to name the behaviours openly: never, from the first day, or where relationships are ready.


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


TIMING = Family(
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

# P8: helpful acts build the relationship that the rest needs; some are worth their days, too many are not.


USEFULNESS_NAMES = tuple(f"{share:g}" for share in GRID)
PRESSURES = {"low": 0.88, "high": 1.04}
USEFULNESS_ARMS = by_share("blended", "help", GRID)


def rise_of_best(means: Floats) -> Floats:
    """Combine practice by share under low, then high pressure into the best share under high less that under low."""
    shares = np.array(GRID)
    low, high = means[:, : len(shares)], means[:, len(shares) :]
    return shares[high.argmax(axis=1)] - shares[low.argmax(axis=1)]


USEFULNESS = Family(
    name="P8",
    title="Helpful acts",
    setting=(
        "Blended route with a share of days for help of 0, .05, .10, .15, .20, .30, .40, .55 or .70 in every phase, "
        "the other activities in proportion; the best share is chosen on one half of the seeds and measured on the "
        "other. (c) The same at initial pressure 0.88 and 1.04, the ends of the plausible range."
    ),
    checks=(
        Check(
            name="P8a",
            says="Spending some days on plain help is better than spending none.",
            quantity="practice in month 120, best share of help minus none",
            arms=USEFULNESS_ARMS,
            effect=best_against(USEFULNESS_NAMES, "0", X120),
            ablation=Ablation(
                meaning="trust in the partner opens no doors and speeds nothing",
                settings={"access_without_trust": 1.0, "relationship_speed": 0.0, "talk_effect": 0.0},
            ),
        ),
        Check(
            name="P8b",
            says="Spending most days on help is worse than the best share.",
            quantity="practice in month 120, best share of help minus 0.7",
            arms=USEFULNESS_ARMS,
            effect=best_against(USEFULNESS_NAMES, "0.7", X120),
        ),
        Check(
            name="P8c",
            says="Whether the best share of help rises with pressure is open.",
            quantity="best share of days for help, at initial pressure 1.04 minus at 0.88",
            arms={
                f"{level} {share}": one
                for level, pressure in PRESSURES.items()
                for share, one in by_share("blended", "help", GRID, settings={"initial_pressure": pressure}).items()
            },
            effect=beside(*(of(f"{level} {share}", X120) for level in PRESSURES for share in USEFULNESS_NAMES)),
            combine=rise_of_best,
            rule=NoClaim(),
            unit="share of days",
        ),
    ),
)

# P13: vision alone. What is espoused is not yet enacted.


VISION_ARMS = {"vision": arm(one_phase(Shares(vision=1.0))), "nobody": arm("none")}

VISION = Family(
    name="P13",
    title="Vision alone",
    setting=(
        "All days for 60 months go into the vision, open talk adaptive, against no partner; read at month 60, its "
        "last. The outcome is failure demand's share of demand: *hardly* means inside ±0.02. The ablation takes away "
        "both ways in which these days reach practice: the vision itself, and the open talk that they earn trust for. "
        "(It took away the first alone until runs on other seeds showed that part of the lift comes by the second.)"
    ),
    checks=(
        Check(
            name="P13 espoused",
            says="Vision alone lifts the perspective behaviours.",
            quantity="practice of perspective behaviours in month 60, vision alone minus no partner",
            arms=VISION_ARMS,
            effect=difference("vision", "nobody", at("perspective", 60)),
            rule=Above(),
            ablation=Ablation(
                meaning="neither vision nor open talk has an effect on practice",
                settings={"vision_effect": 0.0, "talk_effect": 0.0},
            ),
        ),
        Check(
            name="P13 enacted",
            says="Vision alone hardly moves outcomes.",
            quantity="failure-demand share in month 60, vision alone minus no partner",
            arms=VISION_ARMS,
            effect=difference("vision", "nobody", at("failure_demand_share", 60)),
            rule=Within(0.02),
            unit="failure-demand share",
        ),
    ),
)

# P10: windows of energy. Going where the energy is beats a fixed order, more so when shut windows cost more.


ROUTES = ("opportunistic", "manifesto-led", "prototype-led")
COSTLY, CHEAP = 0.1, 0.8


def advantage(ending: str = "") -> Effect:
    """Return what the opportunistic route gives above the mean of the two fixed orders."""

    def effect(arms: Mapping[str, Replicates]) -> Floats:
        opportunistic, manifesto, prototype = (arms[route + ending].at("practice", 120) for route in ROUTES)
        return opportunistic - (manifesto + prototype) / 2

    return effect


WINDOWS = Family(
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

# List the patterns in the order of docs/odd.md: one family a file.


FAMILIES = (
    LOOP,
    REGIMES,
    SHOCKS,
    RELATIONSHIPS,
    PACE,
    TIMING,
    INFRASTRUCTURE,
    USEFULNESS,
    REFLECTION,
    WINDOWS,
    PROTOTYPES,
    LEAVING,
    VISION,
    LEADS,
    CUTS,
    DIFFERENCES,
)
