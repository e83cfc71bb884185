"""The claims as data, in the essay's order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from experiments.arms import arm, under
from experiments.contrast import Ablation, PairedExperiment, at, difference
from experiments.inference import MATTERS, above, below
from experiments.model_patterns import FAMILIES, PRESSURES, RIGIDITY
from experiments.structures import ALTERNATIVES
from simulation.outcomes import PRACTICE_MATTERS, SHARE_MATTERS
from simulation.scenario import Scenario

SMALLEST = MATTERS | {"share of organisations": SHARE_MATTERS, "trust": PRACTICE_MATTERS}
"""Smallest difference worth a word, by unit; trust is shown on the scale of practice and judged by its measure."""
ON, OFF = "", "without: "


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A claim of the essay as an experiment.

    `quote` is the essay's own words, `says` what is claimed in plain English, `compared` what is held against what.
    `check` has the arms, the effect, the side claimed and the mechanism to switch off; `outcome` is how its numbers
    are shown (a key of `simulation.outcomes.OUTCOMES`).
    """

    name: str
    topic: str
    quote: str
    says: str
    compared: str
    check: PairedExperiment
    outcome: str = "practice"
    note: str = ""

    @property
    def sign(self) -> int:
        """Return the side that is claimed: 1 above zero, −1 below."""
        return self.check.side.sign if self.check.side else 0

    @property
    def matters(self) -> float:
        """Return the smallest difference worth a word, in the unit of the effect."""
        return SMALLEST[self.check.unit]

    @property
    def experiment(self) -> PairedExperiment:
        """Return the check with what matters, how it is shown, and the structures under which it is repeated."""
        return replace(self.check, matters=self.matters, outcome=self.outcome, repeats=ALTERNATIVES)

    @property
    def without(self) -> str:
        """Say which mechanism is switched off."""
        return self.check.ablation.meaning if self.check.ablation else ""

    def scenarios(self, *, ablated: bool = False) -> Mapping[str, Scenario]:
        """Return the arms' scenarios by name, with the mechanism switched off if asked."""
        return self.check.varied(without=ablated)


def pattern(name: str, **changes: object) -> PairedExperiment:
    """Return a check of `experiments.model_patterns` by its name, with fields replaced."""
    found = {check.name: check for family in FAMILIES for check in family.checks}[name]
    return replace(found, **changes)  # type: ignore[arg-type]


# Approach: being helpful matters. Components: infrastructure makes it last.


SHARE = "0.15"
"""Share of days for help or for reflection that is held against none, fixed before any run: about the ready routes'."""


def share_against_none(check: str) -> dict[str, Scenario]:
    """Return two of the arms of a check over shares of days: the share that was fixed, and none."""
    arms = pattern(check).arms
    return {"some": arms[SHARE], "none": arms["0"]}


SOME_LESS_NONE = difference("some", "none", at("practice", 120))

APPROACH_CLAIMS = (
    Claim(
        name="being-helpful",
        topic="Approach",
        quote=(
            "do something that is not directly related to the objectives of our work, but which helps build the "
            "relationship and the trust"
        ),
        says="Days spent on being plainly helpful pay off.",
        compared=(
            "Practice at month 120: 15% of days spent on plain help, minus none, the other activities in proportion"
        ),
        check=pattern(
            "P8a",
            quantity="practice in month 120, help 15% of days minus none",
            arms=share_against_none("P8a"),
            effect=SOME_LESS_NONE,
        ),
    ),
    Claim(
        name="infrastructure-holds",
        topic="Components",
        quote="Behaviours are critical, but unless organisations also change, the system will struggle to change too",
        says="Less practice slips back after the partner leaves where infrastructure could be rewired.",
        compared=(
            "Change of practice in the two years after the partner leaves at month 60: with infrastructure that can "
            "be rewired, minus with infrastructure that stays as it was"
        ),
        check=pattern(
            "P7a",
            ablation=Ablation(
                meaning="infrastructure neither limits nor holds practice",
                settings={"ceiling_base": 1.0, "slip_back_infrastructure": 0.0},
            ),
        ),
        outcome="kept_after_exit",
    ),
)

# Entry: different routes in, out of your control; and from project to approach.


PRIMARY = "route-in"
"""The contrast named before any run: prototype-led minus manifesto-led."""

ENTRY_CLAIMS = (
    Claim(
        name=PRIMARY,
        topic="Entry",
        quote="There are different routes into the system",
        says="The way in leaves its mark: entry by prototypes ends with more practice than entry by a manifesto.",
        compared="Practice at month 120: prototype-led entry minus manifesto-led entry, the same days in all",
        check=PairedExperiment(
            name="route-in",
            says="Prototype-led entry gives more practice than manifesto-led entry.",
            quantity="practice in month 120, prototype-led minus manifesto-led",
            arms={"prototype-led": arm("prototype-led"), "manifesto-led": arm("manifesto-led")},
            effect=difference("prototype-led", "manifesto-led", at("practice", 120)),
            side=above(),
            ablation=Ablation(
                meaning="prototypes have no direct effect on practice", settings={"prototype_effect": 0.0}
            ),
        ),
        note="The essay says that routes differ, not which does better. This side was named before any run.",
    ),
    Claim(
        name="go-where-the-energy-is",
        topic="Entry",
        quote="being prepared to go where the energy presents itself",
        says="Going where the energy is does more than a fixed order of work.",
        compared=(
            "Practice at month 120: going where and when windows are open, minus the mean of the two fixed orders "
            "(manifesto-led, prototype-led), the same days in all"
        ),
        check=pattern("P10"),
    ),
    Claim(
        name="project-to-approach",
        topic="Entry",
        quote="learn from them, moving from project to approach",
        says="Prototypes that widen into an approach reach more organisations than prototypes for ever.",
        compared=(
            "Share of organisations with practice above 3 of 10 at month 120: prototypes that widen, minus 60 months "
            "of prototypes alone"
        ),
        check=pattern(
            "P11a", ablation=Ablation(meaning="others’ example has no effect", settings={"social_weight": 0.0})
        ),
        outcome="reach",
    ),
)

# Continuous learning: reflection, double loops, and slipping back.


LEARNING_TOPIC = "Continuous learning"

LEARNING_CLAIMS = (
    Claim(
        name="space-to-reflect",
        topic=LEARNING_TOPIC,
        quote="Part of our job is to create spaces for people to reflect, regroup, and focus",
        says="Days spent on reflection pay off.",
        compared=(
            "Practice at month 120: 15% of days spent on reflection, minus none, the other activities in proportion"
        ),
        check=pattern(
            "P9a",
            quantity="practice in month 120, reflection 15% of days minus none",
            arms=share_against_none("P9a"),
            effect=SOME_LESS_NONE,
        ),
    ),
    Claim(
        name="double-loop-learning",
        topic=LEARNING_TOPIC,
        quote="we often see our role as ‘double loop learning’",
        says="Practice slips back less where practising together keeps learning alive.",
        compared=(
            "Change of practice in the two years after the partner leaves at month 24: with double-loop learning, "
            "minus without"
        ),
        check=pattern(
            "P9b",
            ablation=Ablation(
                meaning="learning neither holds practice nor eases rigidity",
                settings={"slip_back_learning": 0.0, "rigidity_learning": 0.0},
            ),
        ),
        outcome="kept_after_exit",
    ),
    Claim(
        name="slipping-back",
        topic=LEARNING_TOPIC,
        quote="slipping back into business as usual is not uncommon",
        says="Practice slips back where the partner leaves after two years.",
        compared="Change of practice in the two years after the partner leaves at month 24",
        check=pattern("P12 early"),
        outcome="kept_after_exit",
    ),
)

# Pace: you can only move at the speed of your relationships.


PACE_CLAIMS = (
    Claim(
        name="speed-of-relationships",
        topic="Pace",
        quote="You can only move at the speed of your relationships",
        says="The same added work does more where organisations trust one another.",
        compared=(
            "What 30 more days a month add to practice by month 60 where trust starts high (0.5), less what they add "
            "where it starts low (0.1)"
        ),
        check=pattern("P5"),
    ),
    Claim(
        name="relationships-first",
        topic="Pace",
        quote=(
            "Building relationships, orientating ourselves within the place … has been the most important foundation "
            "of any of the work"
        ),
        says="Half a year spent on relationships and understanding first pays off in the end.",
        compared=(
            "Practice at month 120: six months of diagnostic before the manifesto, minus the manifesto from the first "
            "day, the same days in all"
        ),
        check=PairedExperiment(
            name="relationships-first",
            says="A diagnostic before the manifesto gives more practice than the manifesto at once.",
            quantity="practice in month 120, diagnostic-first minus manifesto-led",
            arms={"diagnostic": arm("diagnostic-first"), "manifesto": arm("manifesto-led")},
            effect=difference("diagnostic", "manifesto", at("practice", 120)),
            side=above(),
            ablation=Ablation(
                meaning="relationships open no doors and speed nothing",
                settings={"access_without_trust": 1.0, "relationship_speed": 0.0},
            ),
        ),
    ),
)

# Pressure: cuts, demand, and relationships that fall by the wayside.


PRESSURE_TOPIC = "Pressure"
CUTS = pattern("P15")
GROWTH = {"rising": 0.02, "level": 0.0}

PRESSURE_CLAIMS = (
    Claim(
        name="cuts-hurt",
        topic=PRESSURE_TOPIC,
        quote="managing huge cuts in budgets",
        says="Cuts in budgets leave less practice.",
        compared="Practice at month 120: budgets that fall by 2% a year minus level budgets",
        # No cuts is said outright, so that it stays so where the yearly cut itself is varied.
        check=pattern("P15", arms={**CUTS.arms, "level": under(CUTS.arms["level"], settings={"budget_cut": 0.0})}),
    ),
    Claim(
        name="demand-hurts",
        topic=PRESSURE_TOPIC,
        quote="rising demand",
        says="Rising demand leaves less practice.",
        compared="Practice at month 120: demand that grows by 2% a year minus level demand",
        check=PairedExperiment(
            name="demand-hurts",
            says="Demand that grows by 2% a year leaves less practice than level demand.",
            quantity="practice in month 120, demand growing by 2% a year minus level",
            arms={name: arm(settings={"demand_growth": growth}) for name, growth in GROWTH.items()},
            effect=difference("rising", "level", at("practice", 120)),
            side=below(),
            ablation=RIGIDITY,
        ),
    ),
    Claim(
        name="relationships-under-pressure",
        topic=PRESSURE_TOPIC,
        quote="when we are under immense pressure … our relationships can fall by the wayside",
        says="Under pressure organisations trust one another less.",
        compared=(
            "Trust at month 120 without a learning partner: high pressure at the start (104% of capacity) minus low "
            "(88%)"
        ),
        check=PairedExperiment(
            name="relationships-under-pressure",
            says="Trust ends lower under high pressure than under low.",
            quantity="trust in month 120 without partner, initial pressure 1.04 minus 0.88",
            arms={level: arm("none", settings={"initial_pressure": pressure}) for level, pressure in PRESSURES.items()},
            effect=difference("high", "low", at("trust", 120)),
            side=below(),
            unit="trust",
            ablation=RIGIDITY,
        ),
        outcome="trust",
    ),
)

# Timing: when to talk openly about the behaviours.


TIMING_CLAIMS = (
    Claim(
        name="open-talk-too-early",
        topic="Timing",
        quote="The system behaviours do not always work as a route into a conversation",
        says="Talking openly about the behaviours from the first day is worse than never doing so.",
        compared="Practice at month 120: open talk from the first day minus no open talk",
        check=pattern("P6a"),
    ),
    Claim(
        name="open-talk-waits",
        topic="Timing",
        quote="conversations about system behaviours need to be embedded within the work in a place",
        says="Waiting with open talk until relationships are ready is better than starting on the first day.",
        compared="Practice at month 120: open talk once relationships are ready, minus from the first day",
        check=pattern("P6c"),
    ),
    Claim(
        name="open-talk-in-time",
        topic="Timing",
        quote="conversations about behaviours can become more overt as the work and relationships mature",
        says="Open talk once relationships are ready is better than no open talk at all.",
        compared="Practice at month 120: open talk once relationships are ready, minus no open talk",
        check=pattern("P6b"),
    ),
)

# List the claims in the order of the essay: one of its headings a file.


CLAIMS = (*PACE_CLAIMS, *ENTRY_CLAIMS, *TIMING_CLAIMS, *APPROACH_CLAIMS, *LEARNING_CLAIMS, *PRESSURE_CLAIMS)
BY_NAME = {claim.name: claim for claim in CLAIMS}


def chosen(names: Sequence[str] = ()) -> tuple[Claim, ...]:
    """Return the named claims (default: all) in the order of the essay, each once. Raises ProblemError."""
    from simulation.scenario.errors import Findings

    findings = Findings()
    for name in names:
        if name not in BY_NAME:
            findings.add("is not a claim", value=name, allowed="behaviours claims --list", like=BY_NAME)
    wanted = set(names) or set(BY_NAME)
    return findings.settle(tuple(claim for claim in CLAIMS if claim.name in wanted))
