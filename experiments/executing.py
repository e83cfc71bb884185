"""Say what an executor of a sweep is: it takes jobs while it has room and gives back what became of them, in any order.

A job whose worker died comes back as `Lost`, and the executor goes on with another worker. Nothing heavy is imported
here, so that workers can be started before anything else is.
"""

from typing import TYPE_CHECKING, NamedTuple, Protocol, Self, TypeAlias

from experiments.errors import MachineError

if TYPE_CHECKING:
    from experiments.sweep_runs import Finished, Job
    from experiments.sweep_work import Work


class Lost(NamedTuple):
    """A job whose worker died; `why` says how."""

    job: "Job"
    why: str


class WorkersError(MachineError):
    """Workers can't be started or reached; what is stored is kept."""


Outcome: TypeAlias = "Finished | Lost | None"


class Executor(Protocol):
    """What carries out jobs of one work; a context."""

    def begin(self, work: "Work") -> None:
        """Get ready for jobs of this work."""

    def room(self) -> int:
        """Return how many more jobs can be taken now."""

    def busy(self) -> bool:
        """Tell whether any job is being carried out."""

    def submit(self, job: "Job") -> None:
        """Take a job."""

    def wait(self) -> Outcome:
        """Wait a moment at most: for a job that is finished or lost, or (None) for what may have become of others."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(self, *error: object) -> None:
        """Stop all workers."""
