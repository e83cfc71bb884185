"""Say how a command can end: an exit status for each kind of error, decided by its type and nothing else.

| status | how the command ended |
| --- | --- |
| 0 | done |
| 1 | it can't be done here and now: the disk, the workers, a run that failed; or a fault of ours |
| 2 | what was asked for can't be: a word, a number, a file, a folder that is taken, a library that is missing |
| 130 | stopped by Ctrl-C; what is finished is kept |
"""

from dataclasses import asdict
from typing import Any, ClassVar

DONE, CAN_NOT, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


class ClearError(Exception):
    """What was asked for can't be done; the text says why, and what is kept."""

    status: ClassVar[int] = BAD_INPUT


class MachineError(ClearError):
    """It could be done, but not here and now; the text says why, and what is kept."""

    status = CAN_NOT


class FailedRunsError(MachineError):
    """Runs that all have to end well have failed."""


class MissingError(ClearError):
    """A library that this takes is not installed; the text says how to get it."""


def status_of(error: BaseException) -> int | None:
    """Return the exit status of an error that is said in a line or two; None for a fault of ours."""
    from simulation.scenario.errors import ProblemError  # late: it is slow to load, and a command may only list

    if isinstance(error, ClearError):
        return error.status
    if isinstance(error, ProblemError):
        return BAD_INPUT
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    return CAN_NOT if isinstance(error, OSError) else None


def error_data(error: BaseException | str, status: int, text: str) -> dict[str, Any]:
    """Return an error as --json shows it: its status, its text, and the problems it names one by one."""
    problems = getattr(error, "problems", ())
    return {
        "error": {
            "status": status,
            "text": text,
            "problems": [
                {name: value for name, value in asdict(problem).items() if name != "path"} for problem in problems
            ],
        }
    }
