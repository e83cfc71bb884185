"""An outcome of one's own: a function of a run's trajectory, with title and unit, as data that goes to other processes.

It goes by reference, a function of a module, with a hash of its source: what carries it out anywhere, also later, is
the code that it was begun with, or it is refused.
"""

import importlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import ModelWrapValidatorHandler, model_validator

from simulation.outcomes import RUN_COLUMNS, Outcome, know
from simulation.scenario.errors import Findings, Problem, ProblemError
from simulation.scenario.value_objects import Extended, Frozen

if TYPE_CHECKING:
    from simulation.run import Trajectory

Detail = Literal["months", "organisations", "full"]
DETAILS: tuple[Detail, ...] = ("months", "organisations", "full")
"""How much of a run is recorded, the least first."""


class OwnOutcome(Frozen):
    """An outcome of one's own as data; `code` is its function as "module:name", `source` a hash of it.

    Whoever reads one knows from then on how the outcome is shown.
    """

    name: str
    title: str
    unit: str = ""
    meaning: str = ""
    factor: float = 1
    decimals: int = 2
    matters: float | None = None
    detail: Detail = "months"
    code: str
    source: str

    NOT_HASHED: ClassVar[dict[str, Any]] = dict.fromkeys(("title", "unit", "meaning", "factor", "decimals"), True)

    @model_validator(mode="wrap")
    @classmethod
    def _known(cls, data: Any, handler: ModelWrapValidatorHandler["OwnOutcome"]) -> "OwnOutcome":
        found = handler(data)
        know(Outcome(function=None, **found.model_dump(include=set(_WORDS))))
        return found

    def value(self, trajectory: "Trajectory") -> float:
        """Return what it comes to in a run. Raises ProblemError where its code is gone or has changed."""
        return float(_function(self.name, self.code, self.source)(trajectory))

    def refuse_changed(self) -> None:
        """Raise ProblemError where its code can't be found here, or has changed since."""
        _function(self.name, self.code, self.source)


_WORDS = ("name", "title", "unit", "meaning", "factor", "decimals", "matters", "detail")


class MeasuringMore(Extended):
    """Work that may measure outcomes of one's own."""

    own: tuple[OwnOutcome, ...] = ()

    LATER: ClassVar[tuple[str, ...]] = ("own",)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Names of all that is measured of a run, in the order of its columns."""
        return (*RUN_COLUMNS, *(one.name for one in self.own))


def described(outcomes: Iterable[Outcome], *, taken: Iterable[str] = ()) -> tuple[OwnOutcome, ...]:
    """Return outcomes of one's own as data. Raises ProblemError with all that is wrong, before any run.

    Each has a name that neither a column of the results (also those `taken`) nor another outcome has, and a function
    of a module, which other processes can import.
    """
    from simulation.policy import check_travels, source_hash  # late: only who has one of their own needs it

    findings, found = Findings(), []
    names = {*RUN_COLUMNS, *taken}
    for one in outcomes:
        key = one.name or "an outcome of your own"
        if not one.name.isidentifier():
            findings.add("is not a name for a column", value=one.name, allowed="letters, digits and _", key=key)
        elif one.name in names:
            findings.add("is the name of another outcome or column", value=one.name, key=key)
        names.add(one.name)
        function: Any = one.function
        reference = f"{getattr(function, '__module__', '')}:{getattr(function, '__qualname__', '')}"
        if not callable(function) or "<" in reference or not getattr(function, "__qualname__", ""):
            allowed = "a function of a module: no lambda, none that is made inside another"
            message = "has no function that can be sent to another process"
            findings.add(message, value=reference, allowed=allowed, key=key)
            continue
        try:
            check_travels(function)
            hashed = source_hash(function)
        except ProblemError as error:
            findings.problems += error.problems
            continue
        words = {key: getattr(one, key) for key in _WORDS}
        if not findings.problems:
            found.append(OwnOutcome(**words, code=reference, source=hashed))
    return findings.settle(tuple(found))


def needed(own: Sequence[OwnOutcome]) -> Detail:
    """Return what has to be recorded of a run for all of them."""
    return max((one.detail for one in own), key=DETAILS.index, default=DETAILS[0])


@lru_cache(maxsize=1_000)
def _function(name: str, code: str, source: str) -> Any:
    from simulation.policy import source_hash

    module, _, path = code.partition(":")
    try:
        found: Any = importlib.import_module(module)
        for part in path.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError) as error:
        message = (
            f"is worked out by {code}, which is not found here ({error}): put its module where Python looks for it"
        )
        raise ProblemError([Problem(message, value=name)]) from None
    if source_hash(found) != source:
        message = f"is worked out by {code}, whose source has changed since"
        raise ProblemError([Problem(message, value=name)])
    return found
