"""Settings to scenario to run, kept by content; luck, origin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from dashboard.address import DEFAULTS, PRIVATE, Settings, names_of, quoted
from dashboard.memo import Bounded, remembered
from experiments.manifest import our_version
from simulation import MODEL_VERSION
from simulation.outcomes import band, level, number, shown, shown_in
from simulation.run import Trajectory, simulate
from simulation.scenario import (
    PlaceFile,
    ProblemError,
    Scenario,
    Structure,
    load_place,
    load_pressure,
    load_route,
    load_scenario,
)
from simulation.state import Floats


def by_month(trajectory: Trajectory, outcome: str) -> Floats:
    """Return a series from month 0, the end of the burn-in, on; without burn-in the first month stands for it."""
    values = trajectory[outcome]
    return values[trajectory.burn_in - 1 :] if trajectory.burn_in else np.concatenate([values[:1], values])


# Turn settings into a scenario, and a scenario into a run that is kept for all visitors, by content.
#
# A run takes a few milliseconds, so it is simply asked for again: `run(chosen(settings).scenario, seed)`.


STRUCTURE = names_of("rule")
LOOKED_AT = names_of("reading", "page")
"""Settings that do not change the scenario."""
MOST_BYTES = 48 * 2**20
"""Memory of all kept runs together; one at detail "full" with causes takes about 5 MB, one by months 0.05."""

MOST_HASHES = 256


@dataclass(frozen=True)
class Chosen:
    """The scenario that settings describe, and what has to be told about it."""

    scenario: Scenario
    notes: tuple[str, ...] = ()
    missing: str = ""
    """Name of a visitor's own place that this browser does not hold: the link's sender has the file."""


def chosen(settings: Settings, places: Mapping[str, PlaceFile] | None = None) -> Chosen:
    """Return the scenario that settings describe; `places` are the visitor's own, by `place_name`.

    Parts that do not fit together are left out, and said.
    """
    own = (places or {}).get(settings.place)
    if own is not None:
        return _of_own(own, replace(settings, place="", **_plain()))
    return _ready(replace(settings, **_plain()))


def place_name(place: PlaceFile) -> str:
    """Return how the address names a visitor's own place: by its content."""
    return f"sha-{place.content_hash()}"


def _plain() -> dict[str, Any]:
    plain = Settings()
    return {name: getattr(plain, name) for name in LOOKED_AT}


_scenario, _route = lru_cache(maxsize=64)(load_scenario), lru_cache(maxsize=64)(load_route)
_pressure, _place = lru_cache(maxsize=64)(load_pressure), lru_cache(maxsize=64)(load_place)
"""What comes with the pages is read once: a scenario's files take 20 ms, and a slider asks again at each move."""


@lru_cache(maxsize=256)
def _ready(settings: Settings) -> Chosen:
    if PRIVATE.fullmatch(settings.place):
        without = _ready(replace(settings, place=""))
        note = "This link is about a place of someone's own, which is not kept here: open its file on Your place."
        return Chosen(without.scenario, (note, *without.notes), missing=settings.place)
    return _build(settings, _place(settings.place) if settings.place else None)


@remembered(32)
def _of_own(place: PlaceFile, settings: Settings) -> Chosen:
    return _build(settings, place)


def _build(settings: Settings, place: PlaceFile | None) -> Chosen:
    scenario, notes = _scenario(settings.scenario), []
    if place is not None:
        scenario = scenario.changed(place=place, events=_events_in(scenario, place), name="", title=place.title)
    steps: dict[str, dict[str, Any]] = {
        "the route": {"route": _route(settings.route)} if settings.route else {},
        "the pressure": {"pressure": _pressure(settings.pressure)} if settings.pressure else {},
        "the number of months": {"months": settings.months} if settings.months else {},
        "the profile": {"profile": settings.profile} if settings.profile != Settings().profile else {},
        "the rules": _structure(settings, scenario),
        "the numbers set by hand": {"settings": dict(settings.parameters)} if settings.parameters else {},
    }
    for what, changes in steps.items():
        try:
            scenario = scenario.changed(**changes) if changes else scenario
        except ProblemError as error:
            problem = error.problems[0]
            value = f" {quoted(problem.value)}" if problem.value else ""
            notes.append(f"{what.capitalize()} could not be used:{value} {problem.message}. It was left out.")
    return Chosen(scenario, tuple(notes))


def _structure(settings: Settings, scenario: Scenario) -> dict[str, Any]:
    plain = Settings()
    changes = {name: getattr(settings, name) for name in STRUCTURE if getattr(settings, name) != getattr(plain, name)}
    return {"structure": Structure(**(scenario.structure.model_dump() | changes))} if changes else {}


def _events_in(scenario: Scenario, place: PlaceFile) -> tuple[Any, ...]:
    """Return the scenario's events, unless they name organisations that another place does not have."""
    return scenario.events if scenario.place.content_hash() == place.content_hash() else ()


def _size(trajectory: Trajectory) -> int:
    return sum(array.nbytes for array in trajectory.record)


class Kept(Bounded[tuple[str, int, str, bool], Trajectory]):
    """The runs used last, read-only, up to so many bytes."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """Begin with none."""
        super().__init__(most_bytes, _size)

    def run(self, scenario: Scenario, seed: int, *, detail: str = "months", explain: bool = False) -> Trajectory:
        """Return the run of a scenario on a seed."""
        key = (_hash(scenario), seed, detail, explain)
        if (known := self.get(key)) is not None:
            return known
        found = simulate(scenario, seed, detail=detail, explain=explain)
        for array in found.record:
            array.flags.writeable = False
        self.put(key, found)
        return found


@remembered(MOST_HASHES)
def _hash(scenario: Scenario) -> str:
    """Return a scenario's content hash, which takes 2 ms."""
    return scenario.content_hash()


KEPT = Kept()


def run(scenario: Scenario, seed: int, *, detail: str = "months", explain: bool = False) -> Trajectory:
    """Return the run of a scenario on a seed, from the runs kept for everybody where it is there."""
    return KEPT.run(scenario, seed, detail=detail, explain=explain)


RUNS = 20
SERIES = shown_in("headline")
"""What the headlines show, and therefore what is kept of each run."""
HALF, NINE_TENTHS = (0.25, 0.75), (0.05, 0.95)
MIDDLE = 0.5
SHARES = (*HALF, *NINE_TENTHS, MIDDLE)
NO_PARTNER = "none"


@dataclass(frozen=True)
class Spread:
    """Series of several runs of one scenario that differ in luck alone."""

    seeds: Sequence[int]
    values: Floats  # (len(SERIES), runs, months + 1), in the model's scale
    quantiles: Floats  # (len(SHARES), len(SERIES), months + 1)

    def at(self, name: str, month: int) -> Floats:
        """Return a series of every run at the end of a month, (runs,)."""
        found: Floats = self.values[SERIES.index(name), :, month]
        return found

    def path(self, name: str, share: float) -> Floats:
        """Return a quantile of a series by month, (months + 1,); `share` is one of SHARES."""
        found: Floats = self.quantiles[SHARES.index(share), SERIES.index(name)]
        return found

    def between(self, name: str, month: int, ends: tuple[float, float] = HALF) -> tuple[float, float]:
        """Return between what part of the runs lies at the end of a month."""
        return float(self.path(name, ends[0])[month]), float(self.path(name, ends[1])[month])


@remembered(64)
def spread_of(scenario: Scenario) -> Spread:
    """Return the spread of a scenario over the first twenty published seeds."""
    seeds = tuple(range(Settings().seed, Settings().seed + RUNS))
    found = [simulate(scenario, seed) for seed in seeds]
    values = np.array([[by_month(trajectory, name) for trajectory in found] for name in SERIES])
    return Spread(seeds, values, np.quantile(values, SHARES, axis=1))


@remembered(64)
def without_partner(scenario: Scenario) -> Scenario | None:
    """Return the scenario without a learning partner; None where it has none, or can't do without."""
    if not scenario.route.phases:
        return None
    try:
        return scenario.changed(route=load_route(NO_PARTNER))
    except ProblemError:
        return None


def baseline_of(scenario: Scenario, seed: int) -> Trajectory | None:
    """Return the run without a partner that meets the same luck; None where there is nothing to compare."""
    plain = without_partner(scenario)
    return None if plain is None else run(plain, seed)


def among(name: str, spread: Spread, month: int) -> str:
    """Say between what half of the runs lie: "half of 20 runs: 2.1 to 3.9"."""
    return f"half of {len(spread.seeds)} runs: {band_words(name, spread.between(name, month))}"


def unit_of(name: str) -> str:
    """Say what a number of the strip is counted in: "0–10", "of all demand"."""
    return shown(name).of or shown(name).unit


def band_words(name: str, ends: tuple[float, float]) -> str:
    """Write a range as it is shown; one whose ends read the same as one number."""
    words = [level(name, end) for end in ends]
    return words[0] if words[0] == words[1] else band(name, *ends)


def practice_sentence(found: Trajectory, spread: Spread, baseline: Trajectory | None, month: int) -> str:
    """Say where this run stands among runs with other luck, and where it would stand without a partner."""
    value = found.at("practice", month)
    others = spread.at("practice", month)
    below = int(np.sum(others < value))
    told = (
        f"This run: {level('practice', value)} of 10. Half of {len(others)} runs with other luck lie between "
        f"{_and('practice', spread.between('practice', month))}, nine in ten between "
        f"{_and('practice', spread.between('practice', month, NINE_TENTHS))}; {below} of them are below this one."
    )
    if baseline is None:
        return f"{told} No learning partner comes in this run."
    without = baseline.at("practice", month)
    gap = number(10 * (value - without), 1, signed=True)
    return f"{told} Without a learning partner, on the same luck: {level('practice', without)} (this run {gap})."


def _and(name: str, ends: tuple[float, float]) -> str:
    low, high = (level(name, end) for end in ends)
    return f"{low} and {high}"


@lru_cache
def _version() -> str:
    return str(our_version())


def source_of(settings: Settings, scenario: Scenario, *, runs: str = "") -> str:
    """Return one line of provenance; `runs` stands for the seed where there are several: "seeds 0 to 39"."""
    changed = len(settings.parameters)
    by_hand = f", {changed} number{'s' * (changed > 1)} set by hand" if changed else ""
    rules = sum(getattr(settings, name) != DEFAULTS[name] for name in (*STRUCTURE, "profile"))
    other = f", {rules} rule{'s' * (rules > 1)} changed" if rules else ""
    under = f", {scenario.pressure.title or scenario.pressure.name}" if settings.pressure else ""
    what = scenario.title or scenario.name
    route = scenario.route.title or scenario.route.name
    luck = runs or f"one run, seed {settings.seed}"
    return f"{what}, {route}{under}{by_hand}{other}; {luck}; system-behaviours {_version()}, model {MODEL_VERSION}."
