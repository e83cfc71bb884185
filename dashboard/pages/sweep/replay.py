"""One point's runs again in memory, held against the row."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import solara

from dashboard.address import Settings, from_query, ready
from dashboard.charts import line_chart, line_of
from dashboard.components import About, Box, Chart, Controls, Message, NumberSlider, Perhaps, Section, Table, Text
from dashboard.pages.sweep.points import point_sentence
from dashboard.pages.sweep.snapshot import Snapshot
from dashboard.pages.sweep.view import View
from dashboard.runs import STRUCTURE, chosen, run
from dashboard.session import address
from experiments.reporting.numbers import capital
from simulation import MODEL_VERSION
from simulation.outcomes import level, shown
from simulation.parameters import BY_NAME
from simulation.run import Trajectory, outcomes
from simulation.scenario import ProblemError, Scenario, load_scenario

if TYPE_CHECKING:
    from experiments.route_map import RouteMap
    from experiments.work import Arm
    from simulation.scenario.paths import Value


@dataclass(frozen=True)
class Again:
    """One run carried out again: its scenario and months, or the problem; `same` is None where no row is stored."""

    arm: "Arm"
    seed: int
    scenario: Scenario | None = None
    trajectory: Trajectory | None = None
    problem: str = ""
    same: bool | None = None
    stored_error: str = ""
    """Why the run failed in the sweep, where it did."""


def again(found: Snapshot, point: int, arm: int, replicate: int) -> Again:
    """Run an arm of a sweep at a point on one of its seeds."""
    work = found.work
    number = (point * len(work.arms) + arm) * work.replicates + replicate
    seed = work.first_seed + replicate
    return _carry_out(
        lambda: work.scenario(arm, row_of(found, point)), work.arms[arm], seed, _stored_row(found, number)
    )


def again_in_map(found: "RouteMap", folder: Path, cell: int, arm: int, replicate: int) -> Again:
    """Run a route of a map at a cell on one of its seeds."""
    from experiments.factors import applied

    plan = found.plan
    seed = plan.first_seed + replicate
    return _carry_out(
        lambda: applied(plan.arms[arm].what, (plan.x, plan.y), plan.points[cell]), plan.arms[arm], seed,
        _stored_in_map(folder, cell, arm, seed),
    )  # fmt: skip


def row_of(found: Snapshot, point: int) -> "tuple[Value | None, ...]":
    """Return the factors' values at a point; None where the scenario's own stands."""
    from experiments.chunks import column

    names = [column(factor.name) for factor in found.work.factors]
    rows: list[Any] = found.results.design.slice(point, 1).select(names).rows() if names else []
    return tuple(rows[0]) if rows else ()


def said(one: Again) -> str:
    """Say whether a run carried out again is the one that was stored."""
    if one.problem:
        return f"This run can’t be carried out: {one.problem}"
    if one.stored_error:
        return f"In the sweep this run failed: {one.stored_error} Here it came to its end."
    if one.same is None:
        return "This run is not stored yet: it was carried out here for the first time."
    if one.same:
        return "The run was carried out again just now, and gives the stored numbers to the last bit."
    return (
        "The run was carried out again just now, and gives other numbers than are stored: another version of the "
        f"model, or another kind of machine, made them. Here it is version {MODEL_VERSION}."
    )


def same_bits(trajectory: Trajectory, row: dict[str, Any]) -> bool:
    """Tell whether a run's outcomes are those of a stored row, bit for bit."""
    found = {name: value for name, value in outcomes(trajectory).items() if name in row}
    new = np.array(list(found.values()))
    old = np.array([np.nan if row[name] is None else row[name] for name in found], dtype=np.float64)
    return bool(np.all((np.isnan(new) & np.isnan(old)) | (new.view(np.int64) == old.view(np.int64))))


def _carry_out(make: Any, arm: "Arm", seed: int, row: dict[str, Any] | None) -> Again:
    failed = (row or {}).get("error") or ""
    try:
        scenario = make()
        trajectory = run(scenario, seed)
    except ProblemError as error:
        return Again(arm, seed, problem=str(error), stored_error=failed)
    except Exception as error:  # whatever a scenario raises is said, as the sweep itself says it
        return Again(arm, seed, problem=f"{type(error).__name__}: {error}", stored_error=failed)
    same = None if row is None or failed else same_bits(trajectory, row)
    return Again(arm, seed, scenario, trajectory, same=same, stored_error=failed)


def _stored_row(found: Snapshot, number: int) -> dict[str, Any] | None:
    """Return a run's row, None where it is not stored; a part that is just being replaced counts as not there."""
    return _first(found.results, [("run", number)])


def _stored_in_map(folder: Path, cell: int, arm: int, seed: int) -> dict[str, Any] | None:
    """Return the row of a map's run in its first round, which holds every cell."""
    from experiments.results import load
    from experiments.route_map import round_folder

    try:
        results = load(round_folder(folder, 0))
    except Exception:  # a map that has just begun
        return None
    work = results.work
    replicate = seed - work.first_seed
    if not 0 <= replicate < work.replicates:
        return None
    return _first(results, [("run", (cell * len(work.arms) + arm) * work.replicates + replicate)])


def _first(results: Any, where: Sequence[tuple[str, Any]]) -> dict[str, Any] | None:
    import polars as pl

    from experiments.store import SweepError

    try:
        rows = results.scan_runs().filter(*(pl.col(name) == value for name, value in where)).collect()
    except (SweepError, OSError, pl.exceptions.PolarsError):
        return None
    found: dict[str, Any] | None = rows.row(0, named=True) if len(rows) else None
    return found


def settings_for(scenario: Scenario, seed: int, *, first: str = "") -> Settings | None:
    """Return settings that give this very scenario and seed, None where no address can; `first` is tried first."""
    return _settings(scenario.content_hash(), seed, first, _Held(scenario))


class _Held:
    """Carry a scenario past a cache that knows it by its hash alone."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=256)
def _settings(content: str, seed: int, first: str, held: _Held) -> Settings | None:
    names = sorted(ready("scenarios"), key=lambda name: name != first)
    for name in names:
        base = load_scenario(name)
        if base.place.content_hash() != held.scenario.place.content_hash():
            continue
        settings = Settings(scenario=name, seed=seed, **_changes(base, held.scenario)).changed(
            parameters=held.scenario.settings.items()
        )
        read = from_query(settings.to_query())
        try:
            found = chosen(read.settings)
        except ProblemError:
            continue
        if not read.notes and not found.notes and found.scenario.content_hash() == content:
            return read.settings
    return None


def _changes(base: Scenario, wanted: Scenario) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name, kind in (("route", "routes"), ("pressure", "pressures")):
        own, other = getattr(base, name), getattr(wanted, name)
        if other.content_hash() != own.content_hash() and other.name in ready(kind):
            changes[name] = other.name
    if wanted.months != base.months:
        changes["months"] = wanted.months
    if wanted.profile != base.profile:
        changes["profile"] = wanted.profile
    pairs = {name: (getattr(base.structure, name), getattr(wanted.structure, name)) for name in STRUCTURE}
    return changes | {name: now for name, (before, now) in pairs.items() if now != before and isinstance(now, str)}


ABOUT = About(
    what="The months of one run of each route at this point, on the same luck, carried out again just now.",
    why="A point of a sweep is a number; a run tells how it came about.",
    basis="Computed by the model; the same settings and seed give the same bits wherever they are run.",
    notice="One throw of luck is one story. Move the seed to see another.",
)


def Runs(found: Sequence[Again], outcome: str, *, title: str, source: str) -> solara.Element:
    """Return lines over the months, whether they are what was stored, and links to the page Place."""
    ran = [one for one in found if one.trajectory is not None and one.scenario is not None]
    told = list(dict.fromkeys((said(one), bool(one.problem) or one.same is False) for one in found))
    messages = [Message(words, kind="wrong" if wrong else "note") for words, wrong in told]
    if not ran:
        return Box(*messages)
    lines = [line_of(one.trajectory, outcome, name=route_title(one), route=one.scenario.route.name)  # type: ignore[union-attr,arg-type]
             for one in ran]  # fmt: skip
    chart = line_chart(lines, outcome, title=title, source=source, file="run")
    return Box(*messages, Text(ends_sentence(ran, outcome)), Chart(chart, about=ABOUT), *[_link(one) for one in ran])


def route_title(one: Again) -> str:
    """Return the title of the route that was run."""
    route = one.scenario.route if one.scenario is not None else one.arm.what.route
    return route.title or route.name


def ends_sentence(ran: Sequence[Again], outcome: str) -> str:
    """Say where each run ends."""
    unit = " of 10" if shown(outcome).factor == 10 else ""
    parts = [f"{route_title(one)} {level(outcome, float(one.trajectory[outcome][-1]))}{unit}" for one in ran  # type: ignore[index]
             if one.trajectory is not None]  # fmt: skip
    return f"{shown(outcome).title}, at the end on seed {ran[0].seed}: {'; '.join(parts)}."


def _link(one: Again) -> solara.Element:
    """Return a link that opens a run on the page Place, or why there is none."""
    assert one.scenario is not None
    settings = settings_for(one.scenario, one.seed, first=one.arm.scenario)
    if settings is None:
        return Text(
            f"{route_title(one)}: the page Place has no settings for this run, since it changes more than ready parts "
            "and numbers of the model."
        )
    words = f"See {route_title(one)} at this point on the page Place"
    return Box(Box(words, tag="a", href=address("./", settings)), tag="p")


MOST_LINES = 4
ABOUT_POINT = About(
    what="The number of the point looked at. Choose it here, in the table above, or by a click on its line.",
    notice="Points stand in the order of the design.",
)
ABOUT_SEED = About(
    what="Which of the sweep’s seeds is looked at: it decides all luck of a run.",
    notice="The same seed at another point meets the same luck.",
)


@solara.component
def OnePoint(view: View) -> solara.Element:
    """Show one point."""
    session, work = view.session, view.found.work
    point = view.point
    replicate = min(session.settings.replicate, work.replicates - 1)
    found = solara.use_memo(lambda: runs_at(view, point, replicate), [view.found.mark, point, replicate, view.key])
    controls = [
        NumberSlider("Point", point, low=0, high=work.points - 1, about=ABOUT_POINT,
                     on_choose=lambda number: session.commit(point=int(number))),
    ]  # fmt: skip
    if work.replicates > 1:
        controls.append(
            NumberSlider("Seed", work.first_seed + replicate, low=work.first_seed,
                         high=work.first_seed + work.replicates - 1, about=ABOUT_SEED,
                         on_choose=lambda seed: session.commit(replicate=int(seed) - work.first_seed))
        )  # fmt: skip
    return Section(
        f"Point {point}, month by month",
        Controls(*controls, label="Which run"),
        Perhaps(*_stored_table(view, point)),
        Perhaps(*_numbers(view, point)),
        Runs(found, view.outcome, title=f"Point {point}, seed {work.first_seed + replicate}", source=view.source),
    )


def runs_at(view: View, point: int, replicate: int) -> list[Again]:
    """Run the subject's route again at a point, with the others of the same place and pressure, up to four."""
    work, subject = view.found.work, view.held.subject(view.key)
    arms = [work.named(arm) for arm in work.arms]
    first = arms[0] if subject is None else subject.arm
    here = [k for k, arm in enumerate(arms) if (arm.scenario, arm.pressure) == (first.scenario, first.pressure)]
    keys = {first.route} | ({subject.second.route} if subject is not None and subject.second is not None else set())
    ordered = sorted(here, key=lambda k: arms[k].route not in keys)[:MOST_LINES]
    return [again(view.found, point, k, replicate) for k in sorted(ordered)]


def _stored_table(view: View, point: int) -> list[solara.Element]:
    """Return what the sweep holds of the point over all its seeds."""
    subject = view.held.subject(view.key)
    if subject is None:
        return []
    return [Text(point_sentence(view.points, subject.values[point] * shown(view.outcome).factor, point))]


def _numbers(view: View, point: int) -> list[solara.Element]:
    """Return the point's numbers beside what the scenario has by itself."""
    from experiments.sensitivity.data import label, own_value

    work = view.found.work
    if not work.factors:
        return []
    subject = view.held.subject(view.key)
    base = (work.arms[0] if subject is None else subject.arm).what
    rows = []
    for factor, value in zip(work.factors, row_of(view.found, point), strict=True):
        own = own_value(base, factor.name)
        unit = BY_NAME[factor.name].unit if factor.name in BY_NAME else ""
        values = (_words(one) for one in (own if value is None else value, own))
        rows.append([capital(label(factor.name)), *values, unit])
    columns = ("Factor", "At this point", "By itself", "Unit")
    told = Text("“By itself” is what the scenario has where nothing is varied.", kind="b-hint")
    return [Table(f"Numbers of point {point}", columns, rows, words=(3,), captioned=True), told]


def _words(value: object) -> str:
    from experiments.sensitivity.data import choice
    from experiments.sensitivity.data import plain_axis as plain

    if isinstance(value, int | float) and not isinstance(value, bool):
        return plain(float(value))
    return "–" if value is None else choice(value)


def Nothing(words: str) -> solara.Element:
    """Return a part that has nothing to show yet."""
    return Section("Points", Text(words))
