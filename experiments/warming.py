"""Have the model's compiled code at hand before it is needed."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


def is_compiled() -> bool:
    """Tell whether the model has been compiled on this machine since its kernels were last changed."""
    from simulation.kernel_cache import cache_folder

    return any(cache_folder().glob("**/months.run_months-*.nbc"))


def warm() -> None:
    """Load the compiled code; where there is none, compile it, which takes about half a minute.

    For a process that does nothing else meanwhile.
    """
    from simulation.course import simulate
    from simulation.scenario import Scenario

    with _without_linear_algebra():
        simulate(Scenario(months=1))


@contextmanager
def _without_linear_algebra() -> Iterator[None]:
    """Let Numba find no linear algebra while it gets ready: it would import all of SciPy's, which no kernel asks for.

    That takes longer than everything else it does.
    """
    name = "scipy.linalg"
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]
