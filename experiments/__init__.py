"""Run the model many times and say what came out: what a user needs, loaded when it is asked for.

`compare`, `claims` and `route_map` are modules as well: `experiments.compare(...)` runs what it is named after, and
`from experiments.compare import compare` is the same function.

>>> from experiments import compare
>>> compare(["generated"], ["none", "blended"], replicates=2, months=12).runs.shape[0]
4
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.arms import arm as arm
    from experiments.calibration.plausible_sets import FitPlan as FitPlan
    from experiments.calibration.plausible_sets import fit as fit
    from experiments.claims import claims as claims
    from experiments.compare import compare as compare
    from experiments.contrast import Ablation as Ablation
    from experiments.contrast import PairedExperiment as PairedExperiment
    from experiments.contrast import at as at
    from experiments.contrast import difference as difference
    from experiments.factors import Factor as Factor
    from experiments.inference import above as above
    from experiments.inference import below as below
    from experiments.inference import within as within
    from experiments.plan import load_plan as load_plan
    from experiments.results import load as load
    from experiments.results import load_tables as load_tables
    from experiments.results import to_pandas as to_pandas
    from experiments.route_map import route_map as route_map
    from experiments.runner import resume as resume
    from experiments.runner import sweep as sweep
    from experiments.sensitivity.analysis import analyse as analyse
    from experiments.structures import ALTERNATIVES as ALTERNATIVES
    from experiments.structures import under_pressures as under_pressures
    from experiments.work import work_of as work_of

_FACE = {
    "ALTERNATIVES": "experiments.structures", "Ablation": "experiments.contrast",
    "Factor": "experiments.factors", "FitPlan": "experiments.calibration.plausible_sets",
    "PairedExperiment": "experiments.contrast", "above": "experiments.inference",
    "analyse": "experiments.sensitivity.analysis", "arm": "experiments.arms", "at": "experiments.contrast",
    "below": "experiments.inference", "claims": "experiments.claims", "compare": "experiments.compare",
    "difference": "experiments.contrast", "fit": "experiments.calibration.plausible_sets",
    "load": "experiments.results", "load_plan": "experiments.plan", "load_tables": "experiments.results",
    "resume": "experiments.runner", "route_map": "experiments.route_map", "sweep": "experiments.runner",
    "to_pandas": "experiments.results", "under_pressures": "experiments.structures", "within": "experiments.inference",
    "work_of": "experiments.work",
}  # fmt: skip
__all__ = list(_FACE)


def __getattr__(name: str) -> Any:
    if name not in _FACE:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    module = import_module(_FACE[name])
    return module if module.__name__ == f"{__name__}.{name}" else getattr(module, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_FACE})
