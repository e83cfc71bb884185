"""Hold a person's own observations: who scored what, in which programme month, how uncertain."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from simulation.vocabulary import BEHAVIOUR_IDS, BEHAVIOURS

PLACE = ""
"""The organisation of an observation of the whole place: the mean over its organisations."""
ALL = ""
"""The behaviour of an observation of all nine: their mean."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One score as perceived, on 0-1, with its standard error (of the observation, not of the model)."""

    organisation: str
    behaviour: str
    month: int
    score: float
    error: float
    line: int = 0

    @property
    def group(self) -> str:
        """Return the group of its behaviour; "" for all nine."""
        return BEHAVIOURS[BEHAVIOUR_IDS.index(self.behaviour)].group if self.behaviour else ""


@dataclass(frozen=True)
class Targets:
    """All observations, in the order of the file; `starts` is programme month 1 where dates were used."""

    observations: tuple[Observation, ...]
    file: str = ""
    scales: tuple[str, ...] = ()
    starts: str = ""
    assumed_errors: int = 0
    """Observations without respondents or uncertainty, whose error is assumed."""

    @cached_property
    def months(self) -> tuple[int, ...]:
        """Return the programme months with observations."""
        return tuple(sorted({one.month for one in self.observations}))

    @property
    def organisations(self) -> tuple[str, ...]:
        """Return the organisations observed, without the whole place."""
        return tuple(dict.fromkeys(one.organisation for one in self.observations if one.organisation != PLACE))

    @property
    def detail(self) -> str:
        """Return what a run must record for these to be read from it."""
        single = [one for one in self.observations if one.organisation != PLACE]
        return "full" if any(one.behaviour != ALL for one in single) else "organisations" if single else "months"

    def content_hash(self) -> str:
        """Return a hash of what was observed; the file's name, line numbers and the order of rows do not count."""
        rows = sorted((o.organisation, o.behaviour, o.month, o.score, o.error) for o in self.observations)
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()
