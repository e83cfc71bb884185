"""Run checks on paired seeds and return what they found."""

import multiprocessing
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from typing import Any

from experiments.patterns.arms import Arm
from experiments.patterns.bootstrap import Estimate, estimate, resampled
from experiments.patterns.check import Check, Family
from experiments.patterns.families import FAMILIES
from experiments.patterns.finding import Finding, State, Without
from experiments.patterns.replicates import Replicates, joined, run_arm
from experiments.patterns.rules import Rule

Key = tuple[str, bool]
CHUNK = 25
"""Seeds that a process takes at a time."""
FEWEST_SEEDS = 4


def as_run(check: Check, profile: str, *, without: bool = False) -> dict[str, Arm]:
    """Return a check's arms under a profile and its structural alternative, with its mechanism off if asked."""
    structure = dict([check.alternative.split("=")]) if check.alternative else {}
    settings = check.ablation.settings if without and check.ablation else {}
    return {name: arm.under(profile=profile, settings=settings, **structure) for name, arm in check.arms.items()}


def key_of(arm: Arm) -> Key:
    """Return what makes an arm the same as another: then it is run once."""
    return arm.scenario.content_hash(), arm.watch_trust


def run_patterns(
    seeds: Sequence[int],
    names: Sequence[str] | None = None,
    *,
    workers: int = 1,
    profile: str = "full",
    tell: Callable[[str], None] | None = None,
) -> list[Finding]:
    """Run the checks of the named families or checks (default: all) on the seeds, in the order of docs/odd.md.

    The seeds must be consecutive. `tell` hears each family's name as it begins. Raises ValueError for an unknown name
    or too few seeds.
    """
    if len(seeds) < FEWEST_SEEDS:
        msg = f"at least {FEWEST_SEEDS} seeds are needed, not {len(seeds)}"
        raise ValueError(msg)
    if list(seeds) != list(range(seeds[0], seeds[0] + len(seeds))):
        msg = "seeds must be consecutive"
        raise ValueError(msg)
    chosen = [(family, check) for family in FAMILIES for check in family.checks if _asked(family, check, names)]
    _refuse_unknown(names)
    findings: list[Finding] = []
    runner = Runner(seeds, workers)
    variants = [
        (as_run(check, profile), as_run(check, profile, without=True) if check.ablation else {}) for _, check in chosen
    ]
    runner.expect(arm for pair in variants for arms in pair for arm in arms.values())
    with runner:
        for (family, check), (on, off) in zip(chosen, variants, strict=True):
            if tell and (not findings or findings[-1].pattern != family.name):
                tell(f"{family.name} {family.title}")
            findings.append(judge(family, check, runner.run(on), runner.run(off), seeds=seeds, profile=profile))
    return findings


def _asked(family: Family, check: Check, names: Sequence[str] | None) -> bool:
    return names is None or family.name in names or check.name in names


def _refuse_unknown(names: Sequence[str] | None) -> None:
    known = {family.name for family in FAMILIES} | {check.name for family in FAMILIES for check in family.checks}
    unknown = sorted(set(names or ()) - known)
    if unknown:
        msg = f"no pattern is called {', '.join(unknown)}; there are {', '.join(sorted(known))}"
        raise ValueError(msg)


def judge(
    family: Family,
    check: Check,
    on: Mapping[str, Replicates],
    off: Mapping[str, Replicates],
    *,
    seeds: Sequence[int],
    profile: str = "full",
) -> Finding:
    """Return what a check's arms show; `off` are the same arms with its mechanism switched off, or empty."""
    effect, draws = resampled(check.effect(on), check.combine, name=check.name)
    found = estimate(effect, draws)
    without = None
    if check.ablation and off:
        effect_off, draws_off = resampled(check.effect(off), check.combine, name=check.name)
        left, change = estimate(effect_off, draws_off), estimate(effect - effect_off, draws - draws_off)
        without = Without(
            meaning=check.ablation.meaning,
            effect=left.effect,
            low=left.low,
            high=left.high,
            change=change.effect,
            change_low=change.low,
            change_high=change.high,
            state=state_of(check.rule, found, left, change),
        )
    return Finding(
        check=check.name,
        pattern=family.name,
        says=check.says,
        quantity=check.quantity,
        unit=check.unit,
        rule=str(check.rule),
        alternative=check.alternative,
        profile=profile,
        first_seed=seeds[0],
        seeds=len(seeds),
        effect=found.effect,
        low=found.low,
        high=found.high,
        verdict=check.rule.verdict(found.low, found.high),
        without=without,
    )


def state_of(rule: Rule, with_it: Estimate, left: Estimate, change: Estimate) -> State:
    """Return what became of an effect without its mechanism; `change` is the effect with it minus what was left."""
    if rule.verdict(with_it.low, with_it.high) != "holds":
        return "nothing to lose"
    if rule.verdict(left.low, left.high) == "holds":
        return "still there"
    if not (change.low > 0 if rule.sign > 0 else change.high < 0):
        return "unclear"
    nothing_left = left.low <= 0 if rule.sign > 0 else left.high >= 0
    return "gone" if nothing_left or rule.verdict(left.low, left.high) == "fails" else "weaker"


class Runner:
    """Runs arms once each on the seeds, here or in processes, and forgets an arm after its last use."""

    def __init__(self, seeds: Sequence[int], workers: int) -> None:
        """Take the seeds; with one worker everything runs in this process."""
        self.seeds = seeds
        self.uses: Counter[Key] = Counter()
        self.done: dict[Key, Replicates] = {}
        self.pool: Any = nullcontext()
        if workers > 1:
            self.pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))

    def expect(self, arms: Any) -> None:
        """Count the arms that will be asked for."""
        self.uses.update(key_of(arm) for arm in arms)

    def __enter__(self) -> "Runner":
        self.pool.__enter__()
        return self

    def __exit__(self, *failure: object) -> None:
        self.pool.__exit__(*failure)

    def run(self, arms: Mapping[str, Arm]) -> dict[str, Replicates]:
        """Return the replicates of each arm."""
        keys = {name: key_of(arm) for name, arm in arms.items()}
        missing = {keys[name]: arm for name, arm in arms.items() if keys[name] not in self.done}
        self.done.update(self._replicates(missing))
        replicates = {name: self.done[key] for name, key in keys.items()}
        for key in keys.values():
            self.uses[key] -= 1
            if self.uses[key] <= 0:
                self.done.pop(key, None)
        return replicates

    def _replicates(self, arms: Mapping[Key, Arm]) -> dict[Key, Replicates]:
        chunks = [self.seeds[start : start + CHUNK] for start in range(0, len(self.seeds), CHUNK)]
        submit = getattr(self.pool, "submit", None)
        if submit is None:
            return {key: run_arm(arm.scenario, self.seeds, watch_trust=arm.watch_trust) for key, arm in arms.items()}
        jobs = {
            key: [submit(run_arm, arm.scenario, chunk, watch_trust=arm.watch_trust) for chunk in chunks]
            for key, arm in arms.items()
        }
        return {key: joined([job.result() for job in parts]) for key, parts in jobs.items()}
