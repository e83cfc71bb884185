"""Load EMA Workbench late and quietly: it takes seconds, and warns of parts that are not used here."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from experiments.errors import MissingError

HOW = "pip install 'system-behaviours[analysis]'"


@contextmanager
def quiet() -> Iterator[None]:
    """Keep back what the library warns of: parts that are not used here, and how it calls its own libraries."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def workbench(module: str) -> Any:
    """Return a module of `ema_workbench.analysis`. Raises MissingError where it can't be imported."""
    from importlib import import_module

    try:
        with quiet():
            return import_module(f"ema_workbench.analysis.{module}")
    except ImportError as error:
        name = (error.name or "ema_workbench").split(".")[0]
        msg = f"{name} is not installed, which seeking regions and scoring factors takes: {HOW}"
        raise MissingError(msg) from None
