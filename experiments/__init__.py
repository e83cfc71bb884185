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
    from experiments.calibration.plausible_sets import FitPlan as FitPlan
    from experiments.calibration.plausible_sets import fit as fit
    from experiments.claims import claims as claims
    from experiments.compare import compare as compare
    from experiments.contrast import PairedExperiment as PairedExperiment
    from experiments.factors import Factor as Factor
    from experiments.plan import load_plan as load_plan
    from experiments.results import load as load
    from experiments.results import load_tables as load_tables
    from experiments.results import to_pandas as to_pandas
    from experiments.route_map import route_map as route_map
    from experiments.runner import resume as resume
    from experiments.runner import sweep as sweep
    from experiments.sensitivity.analysis import analyse as analyse
    from experiments.work import work_of as work_of

_FACE = {
    "Factor": "experiments.factors", "FitPlan": "experiments.calibration.plausible_sets",
    "PairedExperiment": "experiments.contrast", "analyse": "experiments.sensitivity.analysis",
    "claims": "experiments.claims", "compare": "experiments.compare", "fit": "experiments.calibration.plausible_sets",
    "load": "experiments.results", "load_plan": "experiments.plan", "load_tables": "experiments.results",
    "resume": "experiments.runner", "route_map": "experiments.route_map", "sweep": "experiments.runner",
    "to_pandas": "experiments.results", "work_of": "experiments.work",
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
