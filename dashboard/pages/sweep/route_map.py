"""Show the route map: where each of two routes does better, and one cell's runs month by month."""

import numpy as np
import solara

from dashboard.charts.drawing import Drawing
from dashboard.charts.route_map import MapCell, Side, route_map
from dashboard.components import About, Box, Chart, Choice, Controls, Fold, Message, NumberSlider, Section, Text
from dashboard.pages.sweep.library import Bar
from dashboard.pages.sweep.replay import Runs, again_in_map
from dashboard.pages.sweep.snapshot import MapNow
from dashboard.pages.sweep.status import version_sentence
from dashboard.session import Session
from experiments.manifest import our_version
from experiments.reporting.numbers import capital
from simulation import MODEL_VERSION
from simulation.outcomes import difference, interval, shown

ABOUT_MAP = About(
    what="Each cell is a value of both factors. Colour and number: the mean paired difference between the two routes, "
    "on the same seeds.",
    why="No route is better everywhere. The map shows under which conditions each one is.",
    basis="Computed by the model. Intervals are 95% and hold for each cell by itself, however often it was looked at.",
    notice="Hatched: the interval spans zero, so that nothing is told. Dotted: any difference is too small to matter. "
    "Thick line: break-even. Thin dashed lines: where an end of the interval is zero.",
)
ABOUT_CELL = About(what="The cell looked at: choose it here, or click it on the map.")
ABOUT_SEED = About(what="Which of the map’s seeds is looked at.", notice="Both routes meet the same luck.")


@solara.component
def MapOf(session: Session, now: MapNow) -> solara.Element:
    """Show a map."""
    from experiments.reporting.figures.route_map import caption
    from experiments.reporting.route_map import headline, sentences

    found = now.found
    cell = cell_of(session, now)
    drawing = solara.use_memo(lambda: map_chart(now, cell), [now.mark, cell])
    return Box(
        Section("What this map is", *_what(now)),
        Section(
            "Where each route does better",
            Message(f"{headline(found)}."),
            Chart(drawing, about=ABOUT_MAP, on_click=lambda mark: heard(session, now, str(mark.get("id")))),
            Box(caption(found), tag="p", kind="b-hint"),
            *[Text(words) for words in sentences(found)],
        ),
        OneCell(session, now, cell),
        kind="b-stack",
    )  # fmt: skip


def cell_of(session: Session, now: MapNow) -> int:
    """Return the cell looked at; where none is chosen, the one of the largest difference."""
    wanted = session.settings.point
    if 0 <= wanted < now.found.plan.cells:
        return wanted
    size = np.abs(now.found.grid("difference")).ravel()
    return int(np.nanargmax(size)) if np.isfinite(size).any() else 0


def heard(session: Session, now: MapNow, identity: str) -> None:
    """Follow a click on a cell."""
    kind, _, number = identity.partition("-")
    if kind == "cell" and number.isdecimal() and int(number) < now.found.plan.cells:
        session.commit(point=int(number))


def _what(now: MapNow) -> list[solara.Element]:
    from experiments.reporting.phrases import measure, names
    from experiments.reporting.route_map import axis_title, each_sentence, place, rule_sentences, runs_sentence

    found, plan = now.found, now.found.plan
    first, second = names(found)
    words = (
        f"{place(found)}: {first} against {second}, over {axis_title(plan.x)} and {axis_title(plan.y)}; "
        f"{plan.shape[1]} by {plan.shape[0]} cells. Read: {measure(found)}."
    )
    going = int((found.cells["stopped"] == "goes on").sum())
    version = version_sentence(plan.model_version)
    state = [Text(f"Finished. {runs_sentence(found)}")]
    if not found.finished:
        doing = (
            "Running now" if now.running else "Not finished, and nothing is running it now: the same command goes on"
        )
        state = [Bar(f"{doing}. {going:,} of {plan.cells:,} cells get more runs; {found.runs:,} runs are judged.",
                     plan.cells - going, plan.cells)]  # fmt: skip
    return [
        Text(words), *state, Message(version, kind="wrong") if plan.model_version != MODEL_VERSION else Text(version),
        Fold("By which rule", Text(" ".join(rule_sentences(found)).replace("`", "")), Text(each_sentence(found))),
    ]  # fmt: skip


def map_chart(now: MapNow, chosen: int) -> Drawing:
    """Return the map as a chart, its words and its table those of the printed figure."""
    from experiments.reporting.figures.route_map import describe_difference as describe
    from experiments.reporting.figures.route_map import difference_table as table
    from experiments.reporting.figures.route_map import is_swapped
    from experiments.reporting.phrases import measure, names
    from experiments.reporting.route_map import OPEN, SAME, axis_label, changes_sides, headline, value
    from experiments.sequential import unsided

    found, plan = now.found, now.found.plan
    how = shown(plan.outcome)
    marks = {OPEN: "hatched", SAME: "dotted"}
    told = table(found)
    cells = [
        MapCell(float(gap) * how.factor, marks.get(verdict, "bold" if unsided(verdict) == "ahead" else ""), row)
        for gap, verdict, row in zip(found.cells["difference"].fill_null(float("nan")), found.cells["verdict"],
                                     told.iter_rows(), strict=True)
    ]  # fmt: skip
    sides = [Side(axis_label(factor), tuple(levels.tolist()), tuple(value(level, digits=3) for level in levels))
             for factor, levels in ((plan.x, found.xs), (plan.y, found.ys))]  # fmt: skip
    first, second = names(found)
    return route_map(
        cells, *sides, columns=told.columns, lines=found.contours.break_even,
        open_lines=(*found.contours.low, *found.contours.high), bold=changes_sides(found), chosen=chosen,
        title=f"{capital(first)} minus {second}: {measure(found)}", decimals=how.decimals,
        description=f"{headline(found)}. {describe(found)}", source=source_of(now), swapped=is_swapped(found),
        ends=(f"{second} higher", f"{first} higher"),
    )  # fmt: skip


def source_of(now: MapNow) -> str:
    """Say where a map's numbers come from."""
    plan = now.found.plan
    return (
        f"{now.entry.title}; {now.found.runs:,} runs from seed {plan.first_seed} on; model {plan.model_version}, read "
        f"by system-behaviours {our_version()}."
    )


@solara.component
def OneCell(session: Session, now: MapNow, cell: int) -> solara.Element:
    """Show one cell's runs month by month."""
    from experiments.reporting.phrases import verdict_words as verdict_words
    from experiments.reporting.route_map import axis_label, axis_title, value

    found, plan = now.found, now.found.plan
    across = plan.shape[1]
    pairs = max(1, int(found.cells["replicates"][cell]))
    replicate = min(session.settings.replicate, pairs - 1)
    runs = solara.use_memo(
        lambda: [again_in_map(found, now.entry.folder, cell, arm, replicate) for arm in (0, 1)],
        [now.entry.name, now.mark, cell, replicate],
    )
    xs, ys = ([value(level) for level in levels] for levels in (found.xs, found.ys))
    here = found.cells.row(cell, named=True)
    known = here["low"] is not None and np.isfinite(here["low"])
    told = (
        f"{capital(verdict_words(found, here['verdict']))}: "
        f"{difference(plan.outcome, here['difference'])} ({interval(plan.outcome, here['low'], here['high'])}) over "
        f"{here['replicates']} pairs of runs." if known else "This cell has no difference yet."
    )  # fmt: skip
    controls = [
        Choice(capital(axis_label(plan.x)), str(cell % across), {str(k): text for k, text in enumerate(xs)},
               about=ABOUT_CELL, on_choose=lambda k: session.commit(point=cell - cell % across + int(k))),
        Choice(capital(axis_label(plan.y)), str(cell // across), {str(k): text for k, text in enumerate(ys)},
               about=ABOUT_CELL, on_choose=lambda k: session.commit(point=cell % across + across * int(k))),
    ]  # fmt: skip
    if pairs > 1:
        controls.append(
            NumberSlider("Seed", plan.first_seed + replicate, low=plan.first_seed, high=plan.first_seed + pairs - 1,
                         about=ABOUT_SEED, on_choose=lambda s: session.commit(replicate=int(s) - plan.first_seed))
        )  # fmt: skip
    where = [f"{axis_title(plan.x)} {xs[cell % across]}", f"{axis_title(plan.y)} {ys[cell // across]}"]
    title = f"{capital(', '.join(where))}; seed {plan.first_seed + replicate}"
    return Section(
        "One cell, month by month", Controls(*controls, label="Which cell and seed"), Message(told),
        Runs(runs, plan.outcome, title=title, source=source_of(now)),
    )  # fmt: skip
