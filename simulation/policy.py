"""A policy in code in place of a route: what the partner sees in a month, what it decides, and which policy it was."""

import copyreg
import hashlib
import inspect
import json
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from pydantic import Field

from simulation.partner_plan import Plan, build_plan
from simulation.scenario.errors import Problem, ProblemError, nearest
from simulation.scenario.route import Phase, Route, Shares
from simulation.scenario.value_objects import Frozen
from simulation.state import Flags, Floats, Integers


class PolicyError(ProblemError):
    """What is wrong with a policy: what it decided, or that it can't be told apart or sent to another process."""


@dataclass(frozen=True, slots=True)
class PartnerView:
    """The place in a month as the partner could see it: what ready routes react to, and no hidden state.

    Arrays are copies, in the order of `organisations`; those of an organisation that has closed stay as they were.
    """

    month: int
    """Programme months that have ended: 0 in the first."""
    days: float
    """Days to spend this month; 0 once the funder has left."""
    organisations: tuple[str, ...]
    """Ids of all N organisations, those that have closed too."""
    kinds: tuple[str, ...]
    council: str | None
    """Id of the council, where there is one."""
    present: Flags
    """(N,) False for those that have closed."""
    size: Floats
    """(N,) weight of authority; sums to 1 over the place."""
    ties: Integers
    """(K, 2) who works with whom, as positions in `organisations`; how far they trust one another is not seen."""
    practice: Floats
    """(N, 9) practice of the behaviours, 0-1."""
    mean_practice: Floats
    """(N,) its mean over the behaviours."""
    trust: Floats
    """(N,) each organisation's trust in the partner, 0-1."""
    readiness: Floats
    """(N,) readiness for open talk of behaviours, 0-1."""
    felt_pressure: Floats
    """(N,) demand over capacity, as felt."""
    energy: Flags
    """(N,) whether the organisation's window of energy is open."""
    strategic_window: bool
    """Whether the place's window is open."""
    infrastructure: Floats
    """(4,) governance, commissioning, workforce, accountability, 0-1."""
    sites: tuple[str, ...]
    """Ids of the sites of last month that are still there."""
    luck: np.random.Generator
    """A stream of the seed's luck for the policy alone; what is drawn from it leaves all other luck as it is."""
    notes: dict[str, Any]
    """What the policy wants to remember of this run; copies and forks of a run take theirs along."""


class Decision(Frozen):
    """What the partner does in a month.

    `shares` are shares of the month's days by activity, which may sum to less than 1. `sites` are ids, "choose" (by
    `site_rule`, `council` and `number_of_sites`, as in a route) or "keep" (those of last month; chosen by the rule
    where the partner was not there then). `open_talk` says where behaviours are named: everywhere, nowhere, where
    organisations are ready for it ("adaptive"), or in some, by their ids.
    """

    shares: Shares = Shares()
    sites: Literal["keep", "choose"] | tuple[str, ...] = "keep"
    open_talk: bool | Literal["adaptive"] | tuple[str, ...] = "adaptive"
    number_of_sites: int = Field(5, ge=0, le=100_000)
    site_rule: Literal["standing", "energy", "scattered", "clustered"] = "standing"
    council: Literal["first", "ranked", "out"] = "first"

    @property
    def phase(self) -> Phase:
        """The month as a phase of a route."""
        talks = "adaptive" if self.open_talk == "adaptive" else "from-month" if self.open_talk else "never"
        return Phase(months=1, shares=self.shares, sites=self.sites, open_talk=talks)

    def plan(self, ids: tuple[str, ...]) -> Plan:
        """Return the month as a plan of one phase. Raises PolicyError for an organisation that is not in the place."""
        named = [one for one in (self.sites, self.open_talk) if isinstance(one, tuple)]
        if unknown := [one for names in named for one in names if one not in ids]:
            message = "is not an organisation of this place"
            raise PolicyError([Problem(message, value=one, nearest=nearest(one, ids)) for one in unknown])
        route = Route(
            number_of_sites=self.number_of_sites,
            site_rule=self.site_rule,
            council=self.council,
            phases=(self.phase,),
        )
        return build_plan(route, ids)


class Policy(Protocol):
    """What stands in place of a route: called each programme month, before sites are chosen.

    A function of a module, or an instance of a dataclass with `__call__`; it keeps nothing between months but in
    `view.notes`, so that one policy may serve many runs. None: the partner is not there this month.
    """

    def __call__(self, view: PartnerView, /) -> Decision | None:
        """Decide a month."""


def name_of(policy: Policy) -> str:
    """Return a policy's name: its `name` where it has one, else what its function or class is called."""
    own = getattr(policy, "name", "")
    return own if isinstance(own, str) and own else str(getattr(policy, "__name__", type(policy).__name__))


def route_for(policy: Policy) -> Route:
    """Return the route of a scenario that a policy decides: without phases, under the policy's name."""
    return Route(name=name_of(policy), title=name_of(policy))


def source_hash(policy: Policy) -> str:
    """Return a hash of what a policy is (64 hexadecimal digits): its source, and the values an instance holds.

    The source is the function's, or the class's with those it inherits from; functions that it calls do not count.
    Raises PolicyError where the source can't be had, or a value is neither plain, an array nor a part of a scenario.
    """
    is_function = inspect.isfunction(policy)
    parts: list[Any] = [policy] if is_function else [one for one in type(policy).__mro__ if one is not object]
    texts = []
    for part in parts:
        try:
            texts.append(inspect.getsource(part))
        except (OSError, TypeError):
            if part is parts[0]:
                message = "has no source that can be read: write it into a file, as a function or a class"
                raise PolicyError([Problem(message, value=name_of(policy))]) from None
    try:
        values = "" if is_function else json.dumps(_held(policy), sort_keys=True, default=_plain)
    except (TypeError, ValueError) as error:
        message = f"holds what can't be told by its value: {error}"
        raise PolicyError([Problem(message, value=name_of(policy))]) from None
    return hashlib.sha256("\n".join([*texts, values]).encode()).hexdigest()


def _held(policy: Policy) -> Any:
    """Return all that an instance holds. Raises TypeError where its class does not say so by its fields."""
    reduced: Any = policy.__reduce_ex__(2)
    make, arguments, *state = reduced
    if make is not copyreg.__newobj__ or arguments != (type(policy),):  # type: ignore[attr-defined]
        message = f"{type(policy).__name__} does not keep it in fields"
        raise TypeError(message)
    return state[0] if state else None


def _plain(value: Any) -> Any:
    if isinstance(value, Frozen):
        return value.model_dump(mode="json")
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    message = f"{type(value).__name__} is neither plain, an array nor a part of a scenario"
    raise TypeError(message)


def check_travels(policy: Policy) -> None:
    """Raise PolicyError where a policy can't be told by its source, or can't be sent to another process."""
    source_hash(policy)
    home = policy if inspect.isfunction(policy) else type(policy)
    message = ""
    if home.__module__ == "__main__":
        message = "stands in the program itself, which other processes do not import: give it a module of its own"
    else:
        try:
            pickle.loads(pickle.dumps(policy))
        except Exception as error:  # whatever a class of the user's own raises
            message = f"can't be sent to another process ({error}): make it a function or dataclass of a module"
    if message:
        raise PolicyError([Problem(message, value=name_of(policy))])
