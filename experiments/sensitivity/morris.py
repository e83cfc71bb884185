"""Screen factors by Morris' elementary effects: how much each moves the outcome, which way, and how evenly.

mu* is the mean size of an effect over the factor's whole range, mu its mean, sigma its spread: far apart from mu* where
effects differ from place to place, by curves or by interactions (Morris 1991, Technometrics 33: 161-174; Campolongo et
al. 2007, Environ. Model. Softw. 22: 1509-1518). The values are SALib's; the intervals, over walks, are our own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiments.design import Morris, unit_sample
from experiments.inference import CONFIDENCE, Floats, mean_intervals
from experiments.sensitivity.adequacy import FEWEST_WALKS, Check, Judgement, judged, tied_with_first
from experiments.sensitivity.data import block_size, looks, whole_blocks

SEED = 43
RESAMPLES = 1_000
QUARTER = 0.25
"""A mean size that the second half of the walks moved by more than this share of the largest still moves."""
TENTH = 0.1
"""Where no smallest difference is known: a tenth of the outcome's standard deviation between points."""


@dataclass(frozen=True)
class Screening:
    """Elementary effects by factor in the model's scale, over the factor's whole range; arrays (k,) and (looks, k).

    `line` is the smallest size of an effect worth a word; `tied` are the factor of the largest size and those that
    can't be ranked below it.
    """

    names: tuple[str, ...]
    walks: int
    planned: int
    size: Floats
    size_low: Floats
    size_high: Floats
    mean: Floats
    mean_low: Floats
    mean_high: Floats
    spread: Floats
    spread_low: Floats
    spread_high: Floats
    looks: tuple[int, ...]
    size_at: Floats
    line: float
    tied: tuple[int, ...]

    @property
    def order(self) -> list[int]:
        """Return the factors' positions, the largest mean size first."""
        return [int(k) for k in np.argsort(-self.size, kind="stable")]

    @property
    def moved(self) -> float:
        """Return the furthest that the second half of the walks moved a mean size."""
        return float(np.ptp(self.size_at[-2:], axis=0).max()) if len(self.looks) > 1 else float("inf")

    def judgement(self, k: int) -> Judgement:
        """Say whether a factor moves the outcome by enough to matter."""
        return judged(float(self.size_low[k]), float(self.size_high[k]), self.line)


def screening(means: Floats, names: Sequence[str], design: Morris, *, matters: float | None) -> Screening | None:
    """Return the effects of outcomes at a design's points (points,), nan where one is missing.

    None where fewer than two whole walks are there, or the outcome does not vary over them.
    """
    from SALib.analyze import morris

    k = len(names)
    walks, kept = whole_blocks(means, block_size(design, k))
    n = len(walks)
    if n < 2 or np.ptp(walks) <= 1e-12:
        return None
    sample = unit_sample(design, k).reshape(-1, k + 1, k)[kept]
    problem = {"num_vars": k, "names": list(names), "bounds": [[0.0, 1.0]] * k}
    found = morris.analyze(
        problem, sample.reshape(-1, k), walks.ravel(), num_levels=design.levels, num_resamples=2,
        conf_level=CONFIDENCE, seed=SEED,
    )  # fmt: skip
    effects = elementary_effects(sample, walks)
    size, mean = mean_intervals(np.abs(effects)), mean_intervals(effects)
    first = int(np.argmax(size.mean))
    low, high = _spread_interval(effects)
    at = looks(n)
    return Screening(
        names=tuple(names), walks=n, planned=design.trajectories,
        size=np.asarray(found["mu_star"], dtype=np.float64), size_low=np.maximum(0, size.low), size_high=size.high,
        mean=np.asarray(found["mu"], dtype=np.float64), mean_low=mean.low, mean_high=mean.high,
        spread=np.asarray(found["sigma"], dtype=np.float64), spread_low=low, spread_high=high,
        looks=tuple(at), size_at=np.array([np.abs(effects[:count]).mean(axis=0) for count in at]),
        line=matters if matters is not None else TENTH * float(walks.std()),
        tied=tied_with_first(size.mean, mean_intervals(np.abs(effects[:, [first]]) - np.abs(effects)).half_width),
    )  # fmt: skip


def elementary_effects(sample: Floats, walks: Floats) -> Floats:
    """Return each walk's effect of each factor over its range, (walks, k), from unit samples (walks, k + 1, k)."""
    steps = np.diff(sample, axis=1)
    which = np.abs(steps).argmax(axis=2)
    size = np.take_along_axis(steps, which[:, :, None], axis=2)[:, :, 0]
    effects = np.empty_like(size)
    np.put_along_axis(effects, which, np.diff(walks, axis=1) / size, axis=1)
    return effects


def checks(found: Screening) -> list[Check]:
    """Hold a screening to what makes it worth reading: enough walks, sizes at rest, factors told apart from nothing."""
    enough = found.walks >= FEWEST_WALKS
    share = found.moved / float(found.size.max())
    at_rest = share <= QUARTER and not _crossed(found)
    open_ = [name for k, name in enumerate(found.names) if found.judgement(k) == "can't be told"]
    told = f"{len(open_)} of {len(found.names)} factors can't be told from one that does not matter"
    return [
        Check("walks enough", enough, f"there are {found.walks} walks; {FEWEST_WALKS} or more rank factors"),
        Check(
            "sizes at rest", at_rest,
            f"the second half of the walks moved a mean size by up to {100 * share:.0f}% of the largest"
            f"{' and took a factor across the line' if _crossed(found) else ''}; asked for is 25% or less"
            if np.isfinite(share) else "there is no half of the walks to compare",
        ),
        Check("factors told apart", not open_, told),
    ]  # fmt: skip


def _crossed(found: Screening) -> bool:
    """Tell whether the second half of the walks took a factor across the line."""
    before, now = found.size_at[-2:] >= found.line
    return bool((before != now).any())


def _spread_interval(effects: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the percentile bootstrap interval of each factor's spread."""
    n = len(effects)
    rng = np.random.default_rng(SEED)
    drawn = np.array([effects[rng.integers(0, n, n)].std(axis=0, ddof=1) for _ in range(RESAMPLES)])
    tails = (1 - CONFIDENCE) / 2
    low, high = np.quantile(drawn, (tails, 1 - tails), axis=0)
    return low, high
