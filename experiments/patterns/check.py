"""Say what a pattern check is: arms that share seeds, an effect, a rule for the verdict, a mechanism to switch off."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from experiments.patterns.arms import Arm
from experiments.patterns.bootstrap import each_as_it_is
from experiments.patterns.effects import Effect
from experiments.patterns.rules import Above, Rule
from simulation.state import Floats

Combine = Callable[[Floats], Floats]
"""Turn rows of means over seeds (rows, k) into one effect a row (rows,)."""


@dataclass(frozen=True, kw_only=True)
class Ablation:
    """A mechanism switched off in every arm of a check, after which the effect should be gone."""

    meaning: str
    settings: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Check:
    """A named experiment with a verdict.

    `says` is what the pattern claims, in plain English; `quantity` what the effect measures, `unit` its unit (a key
    of `rules.MATTERS`). `alternative` names a structural choice other than the default that all arms are run under.
    """

    name: str
    says: str
    quantity: str
    arms: Mapping[str, Arm]
    effect: Effect
    combine: Combine = each_as_it_is
    rule: Rule = field(default_factory=Above)
    unit: str = "practice"
    ablation: Ablation | None = None
    alternative: str = ""


@dataclass(frozen=True, kw_only=True)
class Family:
    """Checks of one pattern; `setting` says how it was set up, chosen before it was run."""

    name: str
    title: str
    setting: str
    checks: tuple[Check, ...]
