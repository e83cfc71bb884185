"""Have the model's compiled code at hand before it is needed."""


def is_compiled() -> bool:
    """Tell whether the model has been compiled on this machine since its kernels were last changed."""
    from simulation.compilation import cache_folder

    return any(cache_folder().glob("**/months.run_months-*.nbc"))


def warm() -> None:
    """Load the compiled code; where there is none, compile it, which takes about half a minute."""
    from simulation.course import simulate
    from simulation.scenario import Scenario

    simulate(Scenario(months=1))
