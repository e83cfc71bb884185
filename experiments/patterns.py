"""The patterns of `experiments.model_patterns` on paired seeds: run, and what was found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from experiments.contrast import Left, Outcomes, PairedExperiment, arms_on
from experiments.executors import Executor, of_workers
from experiments.inference import MATTERS, State, Verdict
from experiments.model_patterns import FAMILIES, Family

FEWEST_SEEDS = 4


@dataclass(frozen=True)
class Without(Left):
    """What was left of an effect with its mechanism switched off, and what became of it."""

    meaning: str
    state: State


@dataclass(frozen=True, kw_only=True)
class PatternFinding:
    """What one check found on some seeds under a profile: the effect with its 95% interval, and the verdict."""

    check: str
    pattern: str
    says: str
    quantity: str
    unit: str
    rule: str
    alternative: str
    profile: str
    first_seed: int
    seeds: int
    effect: float
    low: float
    high: float
    verdict: Verdict
    without: Without | None

    @property
    def negligible(self) -> bool:
        """Tell whether a direction is claimed, and the effect is smaller than the smallest difference worth a word."""
        return not self.rule.startswith("within") and abs(self.effect) < MATTERS.get(self.unit, 0.0)


def run_patterns(
    seeds: Sequence[int],
    names: Sequence[str] | None = None,
    *,
    workers: int = 1,
    executor: Executor | None = None,
    profile: str = "full",
    tell: Callable[[str], None] | None = None,
) -> list[PatternFinding]:
    """Run the checks of the named families or checks (default: all) on the seeds, in the order of docs/odd.md.

    The seeds must be consecutive. `executor` and `workers` are those of `PairedExperiment.run`. `tell` hears each
    family's name as it begins. Raises ValueError for an unknown name
    or too few seeds.
    """
    if len(seeds) < FEWEST_SEEDS:
        msg = f"at least {FEWEST_SEEDS} seeds are needed, not {len(seeds)}"
        raise ValueError(msg)
    if list(seeds) != list(range(seeds[0], seeds[0] + len(seeds))):
        msg = "seeds must be consecutive"
        raise ValueError(msg)
    known = {name for family in FAMILIES for name in (family.name, *(check.name for check in family.checks))}
    unknown = sorted(set(names or ()) - known)
    if unknown:
        msg = f"no pattern is called {', '.join(unknown)}; there are {', '.join(sorted(known))}"
        raise ValueError(msg)
    chosen = [
        (family, check)
        for family in FAMILIES
        for check in family.checks
        if names is None or family.name in names or check.name in names
    ]
    variants = [
        (check.varied(profile=profile), check.varied(profile=profile, without=True) if check.ablation else {})
        for _, check in chosen
    ]
    findings: list[PatternFinding] = []
    watched = [
        arm
        for (_, check), pair in zip(chosen, variants, strict=True)
        if check.watches_trust
        for arms in pair
        for arm in arms.values()
    ]
    who = executor or of_workers(workers)
    with arms_on(seeds, [arms for pair in variants for arms in pair], executor=who, watched=watched) as runs:
        for (family, check), (on, off) in zip(chosen, variants, strict=True):
            if tell and (not findings or findings[-1].pattern != family.name):
                tell(f"{family.name} {family.title}")
            findings.append(judge(family, check, runs(on), runs(off), seeds=seeds, profile=profile))
    return findings


def judge(
    family: Family,
    check: PairedExperiment,
    on: Outcomes,
    off: Outcomes,
    *,
    seeds: Sequence[int],
    profile: str = "full",
) -> PatternFinding:
    """Return what a check's arms show; `off` are the same arms with its mechanism switched off, or empty."""
    result = check.result(on, off, fewest=0)
    found, without = result.estimate, None
    if check.ablation and result.left and result.state:
        without = Without(**vars(result.left), meaning=check.ablation.meaning, state=result.state)
    return PatternFinding(
        check=check.name, pattern=family.name, says=check.says, quantity=check.quantity, unit=check.unit,
        rule=str(check.side or "no claim is made"), alternative=check.alternative, profile=profile,
        first_seed=seeds[0], seeds=len(seeds), effect=found.effect, low=found.low, high=found.high,
        verdict=result.verdict if check.side else "no claim", without=without,
    )  # fmt: skip
