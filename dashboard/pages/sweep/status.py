"""Say what a sweep is, how far it is, and which of its runs failed."""

import solara

from dashboard.components import Fold, Message, Section, Table, Text
from dashboard.pages.sweep.library import Bar
from dashboard.pages.sweep.snapshot import Held, Snapshot
from experiments.reporting.numbers import capital, count_of
from simulation import MODEL_VERSION
from simulation.outcomes import number

MOST_FAILED = 50
MOST_ROUTES = 6


def WhatItIs(found: Snapshot) -> solara.Element:
    """Return the plan, the design, the factors and how far the sweep is."""
    work, status = found.work, found.status
    parts: list[solara.Element] = [Text(plan_sentence(found))]
    if work.description:
        parts.insert(0, Text(work.description))
    parts.append(Bar(far_sentence(found), status.done, status.runs) if not status.complete
                 else Text(far_sentence(found)))  # fmt: skip
    version = version_sentence(work.model_version)
    parts.append(Message(version, kind="wrong") if work.model_version != MODEL_VERSION else Text(version))
    return Section("What this sweep is", *parts, Factors(found))


def plan_sentence(found: Snapshot) -> str:
    """Say what was varied how, where, and how often."""
    from experiments.reporting.sensitivity import DESIGNS
    from experiments.sensitivity.data import route_words

    work = found.work
    scenarios = list(dict.fromkeys(arm.what.title or arm.scenario for arm in work.arms))
    arms = [work.named(arm) for arm in work.arms]
    routes = list(dict.fromkeys(capital(route_words(arm)) for arm in arms))
    pressures = {arm.pressure for arm in arms}
    more = f" and {len(routes) - MOST_ROUTES} more" if len(routes) > MOST_ROUTES else ""
    under = f", under {len(pressures)} kinds of pressure" if len(pressures) > 1 else ""
    points = f"{count_of(work.points, 'point')} of {count_of(len(work.factors), 'factor')}"
    return (
        f"Design: {DESIGNS[work.design.type]}, {points}. "
        f"{'; '.join(scenarios)}{under}. Routes: {'; '.join(routes[:MOST_ROUTES])}{more}. "
        f"{count_of(work.replicates, 'seed')} at each point, the same at all: {work.runs:,} runs."
    )


def far_sentence(found: Snapshot) -> str:
    """Say how far the sweep is, whether something is running it, and what failed."""
    status = found.status
    part = "" if status.part == (1, 1) else f" of part {status.part[0]} of {status.part[1]}"
    failed = f"; {status.failed:,} of them failed" if status.failed else "; none failed"
    if status.complete:
        return f"Finished{part}: all {status.done:,} runs are stored{failed}."
    done = f"{status.done:,} of {status.runs:,} runs{part} are stored{failed if status.done else ''}"
    if not status.running:
        return f"Not finished, and nothing is running it now: {done}. behaviours resume goes on."
    rate = f"; {number(status.rate, 0 if status.rate >= 10 else 1)} runs a second" if status.rate else ""
    left = f", about {seconds_words(status.left)} left" if status.left is not None else ""
    return f"Running now: {done}{rate}{left}."


def seconds_words(seconds: float) -> str:
    """Write a time roughly.

    >>> seconds_words(40), seconds_words(600), seconds_words(7200)
    ('40 seconds', '10 minutes', '2.0 hours')
    """
    if seconds < 90:
        return f"{max(1, round(seconds))} seconds"
    return f"{round(seconds / 60)} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


def version_sentence(version: int) -> str:
    """Say whether the sweep was made with the model that is installed."""
    if version == MODEL_VERSION:
        return f"Made with version {version} of the model, the one installed here."
    return (
        f"Made with version {version} of the model; installed here is {MODEL_VERSION}. What is stored can be read; "
        "runs carried out again here may give other numbers."
    )


def Factors(found: Snapshot) -> solara.Element:
    """Return a table of what is varied, folded."""
    from experiments.sensitivity.data import axes_of

    axes = axes_of(found.work, found.results.design, found.work.arms[0])
    rows = [[capital(axis.label), axis.span, axis.unit, axis.meaning or axis.name] for axis in axes]
    if not rows:
        return Text("No number varies between its points.")
    columns = ("Factor", "From, to", "Unit", "What it is")
    return Fold(f"What is varied: {count_of(len(rows), 'factor')}",
                Table("What is varied", columns, rows, words=(1, 2, 3)))  # fmt: skip


def Failed(held: Held) -> solara.Element:
    """Return the runs that failed, each with its error."""
    failures = held.cube.failures
    if not len(failures):
        return Section("Runs that failed", Text("None."))
    rows = [[f"{row['run']}", f"{row['point']}", row["route"], f"{row['seed']}", row["error"]]
            for row in failures.head(MOST_FAILED).iter_rows(named=True)]  # fmt: skip
    rest = f" The first {MOST_FAILED} are listed." if len(failures) > MOST_FAILED else ""
    columns = ("Run", "Point", "Route", "Seed", "What went wrong")
    words = (
        f"{count_of(len(failures), 'run')} failed and {'are' if len(failures) != 1 else 'is'} left out of everything "
        f"above.{rest} behaviours resume --retry runs them again."
    )
    return Section("Runs that failed", Text(words), Table("Runs that failed", columns, rows, words=(2, 4)))
