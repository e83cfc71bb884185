"""The patterns as data, in ODD's order: one family of paired experiments a pattern."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.arms import arm, by_share, changed_route, collaborative_start, one_phase, route
from experiments.contrast import (
    Ablation,
    Effect,
    Outcomes,
    PairedExperiment,
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
from experiments.inference import Floats, Side, above, below, within
from simulation.scenario import Scenario, Shares
from simulation.scenario.events import DemandShock, FunderExit


@dataclass(frozen=True)
class Family:
    """Checks of one pattern; `setting` says how it was set up, chosen before it was run."""

    name: str
    title: str
    setting: str
    checks: tuple[PairedExperiment, ...]


def family(name: str, title: str, setting: str, *checks: PairedExperiment) -> Family:
    """Return a family of checks."""
    return Family(name, title, setting, checks)


def check(
    name: str, says: str, quantity: str, arms: Mapping[str, Scenario], effect: Effect, *, side: Side | None = above(),  # noqa: B008
    **more: Any,
) -> PairedExperiment:  # fmt: skip
    """Return a paired experiment whose effect is claimed to lie above zero, unless told."""
    return PairedExperiment(name=name, says=says, quantity=quantity, arms=arms, effect=effect, side=side, **more)


def off(meaning: str, **settings: float) -> Ablation:
    """Return a mechanism switched off by numbers of the model."""
    return Ablation(meaning=meaning, settings=settings)


X60, X120 = at("practice", 60), at("practice", 120)
GRID = (0.0, 0.05, 0.10, 0.15, 0.20, 0.30, 0.40, 0.55, 0.70)
"""Shares of days that an activity takes in every phase."""
SHARES = tuple(f"{share:g}" for share in GRID)
BLENDED = {"blended": arm()}

# P15: cuts.

CUTS = family(
    "P15", "Cuts",
    "Blended route with budgets that fall by 2% a year from the first programme month, none of it absorbed.",
    check(
        "P15", "Cuts of 2% a year leave less practice.", "practice in month 120, cuts of 2% a year minus none",
        {"cuts": arm(settings={"budget_cut": 0.02}), "level": arm()}, difference("cuts", "level", X120),
        side=below(), ablation=off("cuts take no capacity", cut_absorbed=1.0),
    ),
)  # fmt: skip

# P16: behaviours differ in order: perspective comes easiest, power hardest.


def gap(upper: str, lower: str) -> Effect:
    """Return how far one group of behaviours is ahead of another in month 120."""
    return minus(of("blended", at(upper, 120)), of("blended", at(lower, 120)))


DIFFERENCES = family(
    "P16", "Behaviours differ",
    "Blended route, month 120. That perspective is easier and power harder is assumed (`behaviour_difficulty`); vision"
    " works on perspective alone besides. The ablation of the first check takes both away, that of the second the "
    "difficulty.",
    check(
        "P16 upper", "Perspective behaviours are ahead of participation behaviours.",
        "practice in month 120, perspective minus participation", BLENDED, gap("perspective", "participation"),
        ablation=off(
            "all behaviours are equally hard and vision has no effect", behaviour_difficulty=0.0, vision_effect=0.0,
        ),
    ),
    check(
        "P16 lower", "Participation behaviours are ahead of power behaviours.",
        "practice in month 120, participation minus power", BLENDED, gap("participation", "power"),
        ablation=off("all behaviours are equally hard", behaviour_difficulty=0.0),
    ),
)  # fmt: skip

# P3: a demand shock topples a place whose infrastructure is thin; and entry is worse before it is better.
SIZES = {"no shock": 0.0, "shock of 10%": 0.1, "shock of 20%": 0.2, "shock of 30%": 0.3}
MIDDLE = "shock of 20%"
BEGINS, LASTS = 12, 36
RIGIDITY = off("organisations do not become rigid under pressure", rigidity_limit=0.0)


def shocked(size: float, *, infrastructure: float) -> Scenario:
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

SHOCKS = family(
    "P3", "Shocks, and worse before better",
    "P3 and its dose-response: no partner, practice started at 0.65 and trust at 0.75, infrastructure thin at the "
    "default 0.10; value demand rises by 10, 20 or 30% from month 12 for 36 months. Read at month 120, 72 months after"
    " the shock is over. P3 takes the middle size; the slope takes all. P3b and P3c: blended route against no partner.",
    check(
        "P3", "A demand shock of three years leaves fewer collaborative places where infrastructure is thin.",
        "share of places collaborative in month 120, no shock minus shock of 20%",
        {name: THIN[name] for name in ("no shock", MIDDLE)}, difference("no shock", MIDDLE, collaborative(120)),
        unit="probability", ablation=RIGIDITY,
    ),
    check(
        "P3 size", "The larger the shock, the fewer places stay collaborative.",
        "change of the share collaborative in month 120 for each whole unit of shock (0, 10, 20, 30%)", THIN,
        slope(SIZES, collaborative(120)), side=below(), unit="probability a unit", ablation=RIGIDITY,
    ),
    check(
        "P3b", "Worse before better: six months in, pressure is above what it would be without the partner.",
        "pressure in month 6, blended minus no partner", PARTNER, difference("blended", "nobody", at("pressure", 6)),
        unit="pressure", ablation=off("changing costs no capacity", change_cost=0.0),
    ),
    check(
        "P3c", "After five years pressure is below what it would be without the partner.",
        "pressure in month 60, blended minus no partner", PARTNER, difference("blended", "nobody", at("pressure", 60)),
        side=below(), unit="pressure", ablation=off("practice lowers no failure demand", failure_demand_reduction=0.0),
    ),
)  # fmt: skip

# P7: infrastructure holds what is there. It keeps practice after exit, does nothing alone, and shields from shocks.
INFRASTRUCTURE = family(
    "P7", "Infrastructure",
    "(a) Blended route, which leaves at month 60: change of practice in the 24 months after that, with the ratchet and"
    " with infrastructure kept where it was (`--without infrastructure`). (b) No partner, infrastructure at 0.55 "
    "against 0.10. (c) As P3 with a shock of 20%, infrastructure 0.55 against 0.10. (d) Blended route with a share of "
    "days for rewiring of 0, .05, .10, .15, .20, .30, .40, .55 or .70 in every phase, the other activities in "
    "proportion; the best share is chosen on one half of the seeds and measured on the other.",
    check(
        "P7a", "More practice is kept after the partner leaves where infrastructure could be rewired.",
        "practice in month 84 less that in month 60, with the ratchet minus without",
        {"ratchet": arm(), "none": arm(settings={"rewire_gain": 0.0, "infrastructure_decay": 0.0})},
        difference("ratchet", "none", kept(60)),
    ),
    check(
        "P7b", "Infrastructure alone moves no failure demand.",
        "failure-demand share in month 120 without partner, infrastructure 0.55 minus 0.10",
        {
            "high": arm("none", settings={"initial_infrastructure": 0.55}),
            "low": arm("none", settings={"initial_infrastructure": 0.10}),
        },
        difference("high", "low", at("failure_demand_share", 120)), side=within(0.02), unit="failure-demand share",
    ),
    check(
        "P7c", "Places with much infrastructure stay collaborative through a shock that topples places with little.",
        "share of places collaborative in month 120 after the shock, infrastructure 0.55 minus 0.10",
        {"high": shocked(0.2, infrastructure=0.55), "low": shocked(0.2, infrastructure=0.10)},
        difference("high", "low", collaborative(120)), unit="probability",
        ablation=off(
            "infrastructure neither limits nor holds practice", ceiling_base=1.0, slip_back_infrastructure=0.0,
        ),
    ),
    check(
        "P7d", "The best share of days for rewiring is neither none nor most of them.",
        "practice in month 120 at the best share minus that at share 0 or 0.7, whichever is closer",
        by_share("blended", "rewire", GRID),
        beside(best_against(SHARES, "0", X120), best_against(SHARES, "0.7", X120)),
        combine=smaller, ablation=off("rewiring changes no infrastructure", rewire_gain=0.0),
    ),
)  # fmt: skip

# P14: trust leads practice, and practice leads failure demand.
MONTHS = 121


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


def paths(*names: str) -> Callable[[Outcomes], Floats]:
    """Return the effect that lays series from month 0 to 120 end to end, a row a seed."""
    return lambda arms: np.column_stack([arms["blended"].series[name][:, :MONTHS] for name in names])


def lead(means: Floats) -> Floats:
    """Combine two mean paths laid end to end into the months by which the first is half-way before the second."""
    return half_way(means[:, MONTHS:]) - half_way(means[:, :MONTHS])


def trust_leads(alternative: str = "") -> PairedExperiment:
    """Return the first check under a structural alternative (default: the model's own `split`)."""
    return check(
        f"P14a ({alternative})" if alternative else "P14a", "Trust grows before practice does.",
        "months by which mean trust is half-way before mean practice", BLENDED, paths("trust", "practice"),
        combine=lead, unit="months",
        ablation=off("relationships do not limit the speed of change", relationship_speed=0.0), alternative=alternative,
    )  # fmt: skip


LEADS = family(
    "P14", "What leads what",
    "Blended route, paths of the mean over seeds from month 0 to 120. A path is half-way when it has come half of the "
    "distance from month 0 to its farthest value; one path leads another by the months between their half-ways. Seeds "
    "are resampled, then averaged.",
    trust_leads(),
    check(
        "P14b", "Practice grows before failure demand falls.",
        "months by which mean practice is half-way before the mean failure-demand share", BLENDED,
        paths("practice", "failure_demand_share"), combine=lead, unit="months",
    ),
    trust_leads("speed_limit=maturity"),
)  # fmt: skip

# P12: when the partner leaves early, practice slips back; when it leaves late, practice sustains.
LEAVING = family(
    "P12", "Leaving",
    "Blended route that ends at month 24, or stays its 60 months. Kept after leaving is practice 24 months after exit "
    "minus practice at exit. *Sustains* means: does not fall by the smallest difference worth a word, 0.02.",
    check(
        "P12 early", "Leaving after two years lets practice slip back.",
        "practice in month 48 less that in month 24, partner left at month 24",
        {"left at 24": arm(events=(FunderExit(month=24),))}, of("left at 24", kept(24)), side=below(),
        ablation=off("practice does not slip back", slip_back=0.0),
    ),
    check(
        "P12 late", "Leaving after five years sustains practice.",
        "practice in month 84 less that in month 60, partner left at month 60", {"left at 60": arm()},
        of("left at 60", kept(60)), side=above(-0.02),
    ),
)  # fmt: skip

# P1: the reinforcing loop. Practice lowers failure demand, which frees capacity, which lets practice grow.
LOOP = family(
    "P1", "The loop",
    "Blended route, 120 months. The loop is cut by letting practice lower no failure demand "
    "(`failure_demand_reduction` 0): the check is its own ablation.",
    check(
        "P1", "With the loop from practice to failure demand to capacity, practice ends higher than with the loop cut.",
        "practice in month 120, with the loop minus with it cut",
        {"loop": arm(), "cut": arm(settings={"failure_demand_reduction": 0.0})},
        difference("loop", "cut", X120),
    ),
)  # fmt: skip

# P5: you move at the speed of relationships. More days do more where there is more trust.
FEW, MANY = 10.0, 40.0
WARY, TRUSTING = 0.1, 0.5

PACE = family(
    "P5", "Pace",
    "Blended route at half and double the default days (10, 40 a month) and at both ends of the plausible range of "
    "initial trust (0.1, 0.5). The interaction is what 30 more days add at high trust, less what they add at low "
    "trust.",
    check(
        "P5", "The same added days raise practice by more where trust is high.",
        "practice in month 60, (days × trust) interaction",
        {
            f"{days:g} days, trust {trust:g}": arm(settings={"partner_days": days, "initial_trust": trust})
            for days in (FEW, MANY)
            for trust in (WARY, TRUSTING)
        },
        minus(
            difference("40 days, trust 0.5", "10 days, trust 0.5", X60),
            difference("40 days, trust 0.1", "10 days, trust 0.1", X60),
        ),
        ablation=off("relationships do not limit the speed of change", relationship_speed=0.0),
    ),
)  # fmt: skip

# P11: from project to approach. Prototypes need widening, evidence, the right number of sites, perhaps closeness.
SITES = (1, 2, 3, 5, 8, 12, 20, 30)
BY_SITES = {str(number): arm(changed_route("prototype-led", number_of_sites=number)) for number in SITES}
STEEPNESS = {"steep": 8.0, "simple": 1.0}


def placed(rule: str, council: str, steepness: float) -> Scenario:
    """Return the prototype-led route with sites chosen by a rule, under a steepness of contagion."""
    entry = changed_route("prototype-led", site_rule=rule, council=council)
    return arm(entry, settings={"contagion_steepness": steepness})


def closeness(*, council: str, ending: str = "") -> tuple[PairedExperiment, ...]:
    """Return the checks on neighbouring sites; the council may be in the cluster ("ranked") or not ("out")."""
    arms = {
        degree: {
            f"clustered, {degree}": placed("clustered", council, steepness),
            f"scattered, {degree}": placed("scattered", "out", steepness),
        }
        for degree, steepness in STEEPNESS.items()
    }
    gain = {degree: difference(f"clustered, {degree}", f"scattered, {degree}", X120) for degree in STEEPNESS}
    return (
        check(
            f"P11c{ending}", "Under steep contagion, neighbouring sites beat scattered ones.",
            "practice in month 120, clustered minus scattered sites, steepness 8", arms["steep"], gain["steep"],
        ),
        check(
            f"P11d{ending}", "Neighbouring sites gain more under steep contagion than under simple contagion.",
            "practice in month 120, clustered minus scattered, at steepness 8 minus at steepness 1",
            arms["steep"] | arms["simple"], minus(gain["steep"], gain["simple"]),
        ),
        check(
            f"P11d only{ending}", "Under simple contagion, neighbouring sites do not beat scattered ones.",
            "practice in month 120, clustered minus scattered sites, steepness 1", arms["simple"], gain["simple"],
            side=within(0.02),
        ),
    )  # fmt: skip


PROTOTYPES = family(
    "P11", "From project to approach",
    "Prototype-led route. (a) Against 60 months of its first phase, read as reach: the share of organisations with "
    "practice above 0.3. (b) With evidence lowering thresholds and without. (c, d) Five sites in one cluster or "
    "scattered, at contagion steepness 8 (the steep end of the plausible range) and 1 (simple contagion). By the "
    "model's rules scattered sites leave the council out, while a cluster may take it in as somebody's neighbour; so "
    "that it can't decide, the three checks are run again with the council out of both. (e, f) 1, 2, 3, 5, 8, 12, 20 "
    "or 30 sites, the best chosen on one half of the seeds and measured on the other. (The checks without the council "
    "were written first, by mistake, in place of those by the model's rules; on the seeds used for writing they did "
    "not hold, and both are kept.)",
    check(
        "P11a", "Prototypes that widen into an approach reach more organisations than prototypes for ever.",
        "reach in month 120, prototype-led minus prototypes for ever",
        {"prototype-led": arm("prototype-led"), "for ever": arm(one_phase(route("prototype-led").phases[0].shares))},
        difference("prototype-led", "for ever", at("reach", 120)), unit="share of organisations",
    ),
    check(
        "P11b", "Evidence from prototypes helps practice to spread.",
        "practice in month 120, with evidence lowering thresholds minus without",
        {"evidence": arm("prototype-led"), "none": arm("prototype-led", settings={"evidence_on_threshold": 0.0})},
        difference("evidence", "none", X120),
    ),
    *closeness(council="ranked"),
    *closeness(council="out", ending=" (council out of both)"),
    check(
        "P11e", "A few sites are better than one.", "practice in month 120, best number of sites minus one", BY_SITES,
        best_against(tuple(BY_SITES), "1", X120),
    ),
    check(
        "P11f", "A few sites are better than spreading prototypes over every organisation.",
        "practice in month 120, best number of sites minus thirty", BY_SITES,
        best_against(tuple(BY_SITES), "30", X120),
    ),
)  # fmt: skip

# P9: reflection is worth its days, and what is learned by practising together slows slip-back.
EARLY = (FunderExit(month=24),)

REFLECTION = family(
    "P9", "Reflection",
    "(a) Blended route with a share of days for reflection of 0 to .70 in every phase (grid as in P8), the best chosen"
    " on one half of the seeds and measured on the other. (b) Blended route that leaves at month 24, where practice "
    "slips back (P12): change of practice in the 24 months after that, with and without what practising collective "
    "learning teaches.",
    check(
        "P9a", "Spending some days on reflection is better than spending none.",
        "practice in month 120, best share of reflection minus none", by_share("blended", "reflect", GRID),
        best_against(SHARES, "0", X120),
        ablation=off("reflection teaches nothing", reflection_learning=0.0),
    ),
    check(
        "P9b", "Practice slips back less where practising together keeps learning alive.",
        "practice in month 48 less that in month 24, with double-loop learning minus without",
        {"on": arm(events=EARLY), "off": arm(events=EARLY, settings={"double_loop_learning": 0.0})},
        difference("on", "off", kept(24)),
    ),
)  # fmt: skip

# P2: two regimes. The same place stays collaborative or stays as it was, depending on where it starts.
LEVEL = {"demand_growth": 0.0}

REGIMES = family(
    "P2", "Two regimes",
    "No learning partner, no growth of demand, 240 months; value demand 0.48 is the default. High start: practice "
    "0.65, mean trust 0.75, infrastructure 0.55. Low start: the generated place's own (practice 0 to 0.12, trust 0.30,"
    " infrastructure 0.10). A place counts as collaborative where mean practice is above 0.25 at the end. The ablation"
    " cuts the same loop as P1.",
    check(
        "P2", "Started high, a place is collaborative after 240 months far more often than the same place started low.",
        "share of places collaborative in month 240, high start minus low start",
        {
            "high": arm(
                "none", months=240, place=collaborative_start(),
                settings=LEVEL | {"initial_trust": 0.75, "initial_infrastructure": 0.55},
            ),
            "low": arm("none", months=240, settings=LEVEL),
        },
        difference("high", "low", collaborative(240)), side=above(0.3), unit="probability",
        ablation=off("practice lowers no failure demand", failure_demand_reduction=0.0),
    ),
)  # fmt: skip

# P4: trust is slow to gain and quick to lose. A check of settings, not something that emerges.


def of_trust(column: int) -> Effect:
    """Return the effect that reads how trust moved: the ratio (0) or the skewness (1)."""
    return of("blended", lambda runs: runs.trust_moves[:, column])


RELATIONSHIPS = family(
    "P4", "Slow gain, fast loss",
    "Blended route; every relationship in every programme month. A relationship that loses more than a tenth of its "
    "trust in a month was breached. This follows from parameters that were chosen for it: it is a check of settings.",
    check(
        "P4 cost", "A breach of trust costs over five times what an ordinary month gains.",
        "mean trust lost in a breach, in mean gains of a month in which trust grew", BLENDED, of_trust(0),
        side=above(5.0), unit="months' gains", watches_trust=True,
    ),
    check(
        "P4 skew", "Monthly changes of trust lean far to the side of loss.", "skewness of monthly changes of trust",
        BLENDED, of_trust(1), side=below(-1.0), unit="skewness", watches_trust=True,
    ),
)  # fmt: skip

# P6: when to name the behaviours openly: never, from the first day, or where relationships are ready.
NEVER = arm(changed_route("blended", open_talk="never"))
DAY_ONE = arm(changed_route("blended", open_talk="from-month", open_from=0))
ADAPTIVE = arm(changed_route("blended", open_talk="adaptive"))
HARMLESS = off("talking too early costs nothing", talk_damage=0.0)


def checks(alternative: str = "") -> tuple[PairedExperiment, ...]:
    """Return the three checks under a structural alternative (default: the model's own `split`)."""
    ending = f" ({alternative})" if alternative else ""
    return (
        check(
            f"P6a{ending}", "Naming the behaviours openly from the first day is worse than never naming them.",
            "practice in month 120, open from day one minus never", {"day one": DAY_ONE, "never": NEVER},
            difference("day one", "never", X120), side=below(), ablation=HARMLESS, alternative=alternative,
        ),
        check(
            f"P6b{ending}", "Naming them where relationships are ready is better than never naming them.",
            "practice in month 120, adaptive minus never", {"adaptive": ADAPTIVE, "never": NEVER},
            difference("adaptive", "never", X120), ablation=off("open talk adds nothing to the drive", talk_effect=0.0),
            alternative=alternative,
        ),
        check(
            f"P6c{ending}", "Naming them where relationships are ready is better than from the first day.",
            "practice in month 120, adaptive minus open from day one", {"adaptive": ADAPTIVE, "day one": DAY_ONE},
            difference("adaptive", "day one", X120), ablation=HARMLESS, alternative=alternative,
        ),
    )  # fmt: skip


TIMING = family(
    "P6", "Timing",
    "Blended route with open talk never, from the first month, or adaptive (where readiness is above 0.8). Whether the"
    " first day is worse than never depends on a structural choice, so the three checks are run under both: `split`, "
    "the default, in which peers teach one another at the speed of trust among organisations; and `maturity`, in which"
    " trust in the partner speeds that too.",
    *checks(),
    *checks("speed_limit=maturity"),
)  # fmt: skip

# P8: helpful acts build the relationship that the rest needs; some are worth their days, too many are not.
PRESSURES = {"low": 0.88, "high": 1.04}
USEFULNESS_ARMS = by_share("blended", "help", GRID)


def rise_of_best(means: Floats) -> Floats:
    """Combine practice by share under low, then high pressure into the best share under high less that under low."""
    shares = np.array(GRID)
    low, high = means[:, : len(shares)], means[:, len(shares) :]
    return shares[high.argmax(axis=1)] - shares[low.argmax(axis=1)]


USEFULNESS = family(
    "P8", "Helpful acts",
    "Blended route with a share of days for help of 0, .05, .10, .15, .20, .30, .40, .55 or .70 in every phase, the "
    "other activities in proportion; the best share is chosen on one half of the seeds and measured on the other. (c) "
    "The same at initial pressure 0.88 and 1.04, the ends of the plausible range.",
    check(
        "P8a", "Spending some days on plain help is better than spending none.",
        "practice in month 120, best share of help minus none", USEFULNESS_ARMS,
        best_against(SHARES, "0", X120),
        ablation=off(
            "trust in the partner opens no doors and speeds nothing",
            access_without_trust=1.0, relationship_speed=0.0, talk_effect=0.0,
        ),
    ),
    check(
        "P8b", "Spending most days on help is worse than the best share.",
        "practice in month 120, best share of help minus 0.7", USEFULNESS_ARMS,
        best_against(SHARES, "0.7", X120),
    ),
    check(
        "P8c", "Whether the best share of help rises with pressure is open.",
        "best share of days for help, at initial pressure 1.04 minus at 0.88",
        {
            f"{level} {share}": one
            for level, pressure in PRESSURES.items()
            for share, one in by_share("blended", "help", GRID, settings={"initial_pressure": pressure}).items()
        },
        beside(*(of(f"{level} {share}", X120) for level in PRESSURES for share in SHARES)), side=None,
        combine=rise_of_best, unit="share of days",
    ),
)  # fmt: skip

# P13: vision alone. What is espoused is not yet enacted.
VISION_ARMS = {"vision": arm(one_phase(Shares(vision=1.0))), "nobody": arm("none")}

VISION = family(
    "P13", "Vision alone",
    "All days for 60 months go into the vision, open talk adaptive, against no partner; read at month 60, its last. "
    "The outcome is failure demand's share of demand: *hardly* means inside ±0.02. The ablation takes away both ways "
    "in which these days reach practice: the vision itself, and the open talk that they earn trust for. (It took away "
    "the first alone until runs on other seeds showed that part of the lift comes by the second.)",
    check(
        "P13 espoused", "Vision alone lifts the perspective behaviours.",
        "practice of perspective behaviours in month 60, vision alone minus no partner", VISION_ARMS,
        difference("vision", "nobody", at("perspective", 60)),
        ablation=off("neither vision nor open talk has an effect on practice", vision_effect=0.0, talk_effect=0.0),
    ),
    check(
        "P13 enacted", "Vision alone hardly moves outcomes.",
        "failure-demand share in month 60, vision alone minus no partner", VISION_ARMS,
        difference("vision", "nobody", at("failure_demand_share", 60)), side=within(0.02), unit="failure-demand share",
    ),
)  # fmt: skip

# P10: windows of energy. Going where the energy is beats a fixed order, more so when shut windows cost more.
ROUTES = ("opportunistic", "manifesto-led", "prototype-led")
COSTLY, CHEAP = 0.1, 0.8


def advantage(ending: str = "") -> Effect:
    """Return what the opportunistic route gives above the mean of the two fixed orders."""

    def effect(arms: Outcomes) -> Floats:
        opportunistic, manifesto, prototype = (X120(arms[route + ending]) for route in ROUTES)
        return opportunistic - (manifesto + prototype) / 2

    return effect


WINDOWS = family(
    "P10", "Windows of energy",
    "Ready routes at the defaults; then at both ends of the plausible range of the effect that is left when a window "
    "is shut (0.1, 0.8). The ablation makes a shut window cost nothing; the opportunistic route still mixes breadth "
    "and depth and still goes to other sites.",
    check(
        "P10", "Going where the energy is gives more practice than the mean of the two fixed orders.",
        "practice in month 120, opportunistic minus the mean of manifesto-led and prototype-led",
        {route: arm(route) for route in ROUTES}, advantage(),
        ablation=off("a shut window costs nothing", shut_window_effect=1.0),
    ),
    check(
        "P10 cost", "Going where the energy is gains more where a shut window costs more.",
        "the same advantage, where a tenth of the effect is left in a shut window minus where eight tenths are",
        {
            f"{route} {left:g}": arm(route, settings={"shut_window_effect": left})
            for route in ROUTES
            for left in (COSTLY, CHEAP)
        },
        minus(advantage(" 0.1"), advantage(" 0.8")),
    ),
)  # fmt: skip

FAMILIES = (
    LOOP, REGIMES, SHOCKS, RELATIONSHIPS, PACE, TIMING, INFRASTRUCTURE, USEFULNESS, REFLECTION, WINDOWS, PROTOTYPES,
    LEAVING, VISION, LEADS, CUTS, DIFFERENCES,
)  # fmt: skip
"""All patterns, in the order of docs/odd.md."""
