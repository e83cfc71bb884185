"""Find the library of ready places, routes, pressures and scenarios that comes with the model."""

from pathlib import Path


def library_root() -> Path:
    """Return the folder that holds `places/`, `routes/` and `pressures/`.

    An installed wheel carries it inside this package as `_scenarios/`; in a checkout it is `scenarios/`,
    beside this package. Raises FileNotFoundError where neither exists.
    """
    package = Path(__file__).resolve().parent
    candidates = (package / "_scenarios", package.parent / "scenarios")
    for folder in candidates:
        if folder.is_dir():
            return folder
    msg = f"the library of scenarios is missing: neither {candidates[0]} nor {candidates[1]} is a folder"
    raise FileNotFoundError(msg)
