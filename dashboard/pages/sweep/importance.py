"""Show what moves an outcome most: bars with intervals, worked out aside, and whether the sample is large enough."""

import asyncio
from collections.abc import Hashable
from typing import Any

import solara

from dashboard.charts.bars import Measure, Size, bars
from dashboard.charts.drawing import Drawing
from dashboard.components import About, Box, Button, Chart, Fold, Message, Section, Table, Text
from dashboard.jobs import Job, Jobs, process_work
from dashboard.pages.sweep.library import Progress
from dashboard.pages.sweep.view import View
from dashboard.sensitivity_process import Sensed, from_text
from experiments.reporting.numbers import capital
from simulation.outcomes import shown

ABOUTS = {
    "indices": About(
        what="Sobol’ indices: which share of the outcome’s variance goes with a factor, alone (first) and with all it "
        "does together with others (total). Lines are 95% intervals.",
        unit="share of the variance, 0 to 1", why="A factor whose total is near zero may be left where it is.",
        basis="SALib, from a Saltelli sample; intervals by resampling whole blocks.",
        notice="Where total is far above first, factors act together: to change one at a time would mislead.",
    ),
    "screening": About(
        what="Morris screening: by how much the outcome moves, up or down, as a factor goes over its whole range (µ*), "
        "and how much that differs from place to place (σ). Lines are 95% intervals.",
        unit="the outcome’s own scale", why="A cheap first look at which of many numbers matter at all.",
        basis="SALib; intervals over walks.", notice="A large σ beside µ* means bends or interactions.",
    ),
    "steps": About(
        what="One thing at a time: what a single change does, as a mean paired difference on the same seeds. Lines are "
        "95% intervals that hold together.",
        unit="the outcome’s own scale", basis="Computed by the model.",
        notice="What two changes do together can’t be seen in this design.",
    ),
    "scores": About(
        what="Feature scores: how far forests of trees use a factor to tell points apart. Bar: the middle of several "
        "forests; line: lowest to highest. The dashed line is the most that pure chance scored.",
        unit="share of what the forests part by", why="It works for any design, and sees interactions.",
        basis="EMA Workbench (extra trees).", notice="Scores rank and say nothing of direction: see the lines above.",
    ),
}  # fmt: skip
NAMES = {"indices": ("Total", "First"), "screening": ("µ*, mean size", "σ, spread"), "steps": ("Difference",),
         "scores": ("Score",)}  # fmt: skip
JOBS = Jobs("analysis", workers=2, each=None)


def ask(key: Hashable, asked: dict[str, str]) -> Job[Sensed]:
    """Have a question answered in a process of its own, or join those who wait for the same already."""
    trouble = "This could not be worked out"
    return JOBS.ask(key, lambda: process_work("dashboard.sensitivity_process", asked, from_text, trouble=trouble))


@solara.component
def WhatMatters(view: View) -> solara.Element:
    """Show the bars once they are worked out; a finished sweep is asked at once, a running one by a button."""
    key = (str(view.found.entry.folder), view.found.mark, view.outcome, view.key)
    wanted, want = solara.use_state(None)
    asked = {"folder": key[0], "outcome": view.outcome, "subject": view.key}
    at_once = not view.found.status.running or wanted == key

    def current() -> Job[Sensed] | None:
        return ask(key, asked) if at_once else JOBS.known(key)

    stopped, set_stopped = solara.use_state(None)
    job = solara.use_memo(lambda: None if stopped == key else current(), [key, at_once, stopped == key])

    def hold() -> object:
        if job is None:
            return None
        job.join()
        return job.leave

    solara.use_effect(hold, [job])

    async def wait() -> bool:
        while job is not None and not job.ended.is_set():
            await asyncio.sleep(0.2)
        return True

    waiting: Any = solara.lab.use_task(wait, dependencies=[job])
    _ = waiting.finished  # whoever reads it is drawn again when it changes

    def stop() -> None:
        if job is not None:
            job.cancel()
        set_stopped(key)

    def begin() -> None:
        set_stopped(None)
        want(key)

    return Section("What matters", *_shown(view, job, stop, begin))


def _shown(view: View, job: Job[Sensed] | None, stop: object, begin: object) -> list[solara.Element]:
    if job is None or job.cancelled:
        words = (
            "The sweep is running: work it out from what is stored by now." if view.found.status.running else "Stopped."
        )
        button = Button("Work out what matters", begin)  # type: ignore[arg-type]
        return [Text(words), Box(button, tag="p", kind="b-buttons")]
    if not job.ended.is_set():
        return [Progress("Working out what moves the outcome, in the background", 0, 0, stop)]  # type: ignore[arg-type]
    if job.found is None:
        return [Message(job.error, kind="wrong")]
    found = job.found
    told = Message(found.verdict, kind="note")
    first, *rest = (*found.more, found.rests_on)
    more = [Text(first), *([Fold("What else may be said", *map(Text, rest))] if rest else [])]
    notes = [Text(note) for note in found.notes]
    if not found.bars:
        return [told, *more, *notes]
    return [
        told, Chart(matters_chart(view, found), about=ABOUTS[found.kind]), *more, *_checks(found), *notes,
        Text("The command behaviours analyse writes the whole report, with regions, tables and figures."),
    ]  # fmt: skip


def _checks(found: Sensed) -> list[solara.Element]:
    if not found.checks:
        return []
    failed = sum(not passed for _, passed, _ in found.checks)
    title = "Is the sample large enough? " + ("Yes." if not failed else f"{failed} of {len(found.checks)} checks fail.")
    rows = [
        [name[:1].upper() + name[1:], "passes" if passed else "fails", words] for name, passed, words in found.checks
    ]
    return [Fold(title, Table("What the sample was held to", ("Check", "Result", "In numbers"), rows, words=(1, 2)))]


def matters_chart(view: View, found: Sensed) -> Drawing:
    """Return the bars of an analysis; pale where nothing may be said for certain."""
    names = NAMES[found.kind]
    measures = [Measure(names[0], tuple(
        Size(bar.value, bar.low, bar.high, clear=found.is_enough and bar.clear) for bar in found.bars
    ))]  # fmt: skip
    if len(names) > 1:
        measures.append(Measure(names[1], tuple(
            Size(bar.second or 0.0, bar.second_low or 0.0, bar.second_high or 0.0, clear=found.is_enough)
            for bar in found.bars
        )))  # fmt: skip
    how = shown(view.outcome)
    axis = {
        "indices": "share of the variance, 0 to 1", "scores": "score, a share from 0 to 1",
        "screening": f"effect over the whole range, {how.unit or how.title.lower()}",
        "steps": f"difference, {how.unit or how.title.lower()}",
    }[found.kind]  # fmt: skip
    words = {"scores": "chance at most", "indices": "", "screening": "matters from here", "steps": "matters"}[
        found.kind
    ]
    said = "; ".join(
        f"{bar.name} {bar.value:.2f} ({bar.low:.2f} to {bar.high:.2f}), {bar.judged}" for bar in found.bars
    )
    subject = view.held.subject(view.key)
    return bars(
        [capital(bar.name) for bar in found.bars], measures, axis=axis, judged=[bar.judged for bar in found.bars],
        line=found.line, line_name=words, source=view.source, file="steps" if found.kind == "steps" else "what-matters",
        title=f"What moves {how.title.lower()}: {subject.title if subject else ''}",
        description=f"Bar chart. {found.verdict} {said}.",
    )  # fmt: skip
