"""Start the command `behaviours`, with our packages and not an analyst's own of the same name.

`experiments` is a likely name for an analyst's own folder. Where PYTHONPATH puts such a folder ahead of the
installation, ours is put ahead of it, for worker processes too. The path is left alone otherwise: first on
it, an installation's folder of packages could hide a module of the standard library.
"""

import gc
import os
import sys
import threading
from collections.abc import Callable
from importlib.machinery import PathFinder
from importlib.metadata import entry_points
from pathlib import Path

from simulation.home import home

INTERRUPTED = 130
COMMANDS, PROGRAM = "behaviours.commands", "behaviours.program"
"""Groups of entry points: the subcommands, which lie in several packages, and the program that runs them."""


def prefer_installation() -> None:
    """Put the folder that holds this package first on `sys.path` if another would hide one of ours."""
    home = Path(__file__).resolve().parent.parent
    if any(_is_hidden(name, home) for name in packages()):
        sys.path.insert(0, str(home))


def packages() -> set[str]:
    """Return the names of our packages: this one, and those that the command's parts lie in."""
    lie_in = {one.module.split(".")[0] for one in (*entry_points(group=COMMANDS), *entry_points(group=PROGRAM))}
    return {__name__.split(".")[0]} | lie_in


def prefer_utf8() -> None:
    """Begin again in Python's UTF-8 mode where the locale has no letters beyond ASCII for the names of files.

    What is printed stays in the locale's code page.
    """
    if os.name == "posix" and sys.getfilesystemencoding() == "ascii":
        own = {"PYTHONUTF8": "1", "PYTHONIOENCODING": os.environ.get("PYTHONIOENCODING", "ascii")}
        os.execve(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]], {**os.environ, **own})


def main() -> int | None:
    """Run the command `behaviours`; the exit status is that of the command."""
    prefer_utf8()
    prefer_installation()
    os.environ.setdefault("HOME", str(home()))  # libraries that keep settings there fail where there is none
    gc.set_threshold(50_000, 20, 20)  # what is loaded at the start stays: looking through it again and again takes time
    try:
        status: int | None = _program()()
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        status = INTERRUPTED
    finally:
        if "duckdb" not in sys.modules:  # it lists on stderr whatever of its own is still there at the end
            gc.freeze()  # the process ends: looking through all that was loaded for garbage takes a third of a second
    if status == INTERRUPTED:
        _leave_threads(status)
    return status


def _program() -> Callable[[], int]:
    """Return the command's function."""
    (main,) = entry_points(group=PROGRAM)
    found: Callable[[], int] = main.load()
    return found


def _leave_threads(status: int) -> None:
    """End at once where a thread is still in the middle of a run: what is finished is stored, and it is not waited for.

    Python would wait for it.
    """
    others = [one for one in threading.enumerate() if one is not threading.main_thread() and not one.daemon]
    for one in others:
        one.join(timeout=0.05)
    if any(one.is_alive() for one in others):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _is_hidden(name: str, home: Path) -> bool:
    spec = PathFinder.find_spec(name)
    return spec is None or spec.origin is None or Path(spec.origin).resolve().parent.parent != home
