"""Measure each part of the page and write it down."""

from collections.abc import Iterator
from statistics import median
from typing import NamedTuple

from benchmarks import memory, startup, sweeps
from benchmarks.page import spread
from benchmarks.speed import COURSE, KERNEL, LOOP, PEER, RUN, STEPPED, Timing, month_microseconds, ratios, time_all
from benchmarks.taking import Patience, Took


class Asked(NamedTuple):
    """How much is measured."""

    rounds: int = 7
    sizes: tuple[int, ...] = (30, 60, 200)
    large: int = 10_000
    runs: int = 1_000
    patience: Patience = Patience()


def model(asked: Asked) -> Iterator[str]:
    """Time one run written five ways, at several sizes."""
    for organisations in asked.sizes:
        timings = {timing.way: timing for timing in time_all(organisations, asked.rounds)}
        yield f"## {organisations} organisations, 132 months, {asked.rounds} rounds"
        yield ""
        yield "| way | median ms | fastest ms | times faster than the peer: median (all rounds) |"
        yield "| --- | --- | --- | --- |"
        for way in (PEER, STEPPED, RUN, COURSE, KERNEL):
            timing = timings[way]
            fastest = 1000 * min(timing.seconds)
            yield f"| {way} | {timing.median:.2f} | {fastest:.2f} | {_faster(timings[PEER], timing)} |"
        for way in (STEPPED, RUN):
            yield ""
            yield f"{way}: {spread(ratios(timings[way], timings[KERNEL]))} times the compiled loop alone."
        yield ""


def month(asked: Asked) -> Iterator[str]:
    """Time one month by itself: in the loop, stepped, and in pieces."""
    yield f"## One month of 60 organisations, {asked.rounds} rounds"
    yield ""
    yield "Of 120, places already there; a round's time is the least of 15."
    yield ""
    yield "| way | median µs | times the loop's month: median (all rounds) |"
    yield "| --- | --- | --- |"
    timings = month_microseconds(60, asked.rounds)
    for way, timing in timings.items():
        times = "1" if way == LOOP else f"**{spread(ratios(timing, timings[LOOP]))}**"
        yield f"| {way} | {1000 * timing.median:.0f} | {times} |"


def _faster(peer: Timing, timing: Timing) -> str:
    return "1" if peer is timing else spread(ratios(peer, timing), ".0f")


def place(asked: Asked) -> Iterator[str]:
    """Measure a large place."""
    large = memory.measure(asked.large)
    yield f"## A large place: {large['organisations']:,} organisations, {large['relationships']:,} relationships"
    yield ""
    yield (
        f"Built in {large['build_seconds']:.1f} s, 132 months in {large['run_seconds']:.1f} s,"
        f" {large['peak_gigabytes']:.2f} GB resident at the peak, all of Python included."
    )


def command(asked: Asked) -> Iterator[str]:
    """Time the command's answers."""
    yield "## Answers of the command"
    yield ""
    yield "| command | median seconds |"
    yield "| --- | --- |"
    for name, seconds in startup.measure(min(5, asked.rounds)).items():
        yield f"| {name} | {seconds:.2f} |"


def batch(asked: Asked) -> Iterator[str]:
    """Compare a sweep with Mesa's batch runner."""
    yield f"## {asked.runs:,} runs of 60 organisations x 120 months, from the cold start to results on disk"
    yield ""
    yield "`behaviours sweep` against `mesa.batch_run` on the idiomatic version with its data collector on, each as a"
    yield "whole process on as many processes. Both run 12 months of burn-in besides. The batch runner keeps the last"
    yield f"month alone, which is quickest for it. In each of {sweeps.ROUNDS} rounds all runs are swept, then a tenth"
    yield "of them given to the batch runner, and what the tenth takes is scaled to all, its start counted once."
    yield ""
    yield "| processes | batch_run, s | sweep, s | times faster: median (all rounds) | times less of the processors |"
    yield "| --- | --- | --- | --- | --- |"
    taken, seconds = [], {}
    for workers in (2, 1):
        found = sweeps.against_batch_runner(asked.runs, workers, asked.patience)
        taken += [*found.slow, *found.fast]
        seconds[workers] = [[took.seconds for took in side] for side in found]
        times = f"{_seconds(found.slow, '.0f')} | {_seconds(found.fast, '.1f')} | **{spread(found.ratios, '.0f')}**"
        yield f"| {workers} | {times} | {spread(found.processor_ratios, '.0f')} |"
    usual = median(seconds[1][0]) / median(seconds[2][1])
    yield ""
    yield f"As each comes, `batch_run` on one process and `sweep` on all: **{usual:.0f} times faster**."
    cold = sweeps.not_compiled_yet(asked.runs, 2, asked.patience)
    yield ""
    yield f"Where the model has not been compiled yet, the sweep takes {cold.seconds:.0f} s. {_others(taken)}"


def workers(asked: Asked) -> Iterator[str]:
    """Compare two workers with one."""
    runs = 10 * asked.runs
    found = sweeps.one_against_two(runs, asked.rounds, asked.patience)
    yield f"## A sweep of {runs:,} runs by one worker and by two"
    yield ""
    yield (
        f"30 organisations, {asked.rounds} rounds, whole commands: {_seconds(found.slow, '.1f')} s by one,"
        f" {_seconds(found.fast, '.1f')} s by two: **{spread(found.ratios)} times faster**."
        f" {_others([*found.slow, *found.fast])}"
    )


def sharing(asked: Asked) -> Iterator[str]:
    """Measure what it spares that runs on a seed share its start and its luck."""
    yield f"## Start and luck shared by the runs of a seed: {asked.runs:,} runs of 120 months, {asked.rounds} rounds"
    yield ""
    yield "A sweep of two routes in one process, whole, which shares what a seed decides and which draws it anew for"
    yield "every run, in turn, to the same bits. Points differ in two parameters, which change neither."
    yield ""
    yield "| organisations | seeds a point | drawn anew, s | shared, s | times faster: median (all rounds) |"
    yield "| --- | --- | --- | --- | --- |"
    for organisations, seeds in ((60, 10), (30, 10), (30, 100)):
        found = sweeps.shared_luck(asked.runs, seeds, asked.rounds, organisations=organisations)
        anew, shared = zip(*found, strict=True)
        times = spread(before / after for before, after in found)
        yield f"| {organisations} | {seeds} | {spread(anew)} | {spread(shared)} | **{times}** |"


def bookkeeping(asked: Asked) -> Iterator[str]:
    """Measure what a sweep adds to its runs."""
    yield f"## What store and bookkeeping add: {asked.runs:,} runs of 120 months, {asked.rounds} rounds"
    yield ""
    yield "A sweep in one process: all that is not its runs against what is, by one clock. It builds and checks"
    yield "scenarios, reads outcomes, names runs, and makes and writes tables. Where each point has one seed, a"
    yield "scenario is built and checked for every run."
    yield ""
    yield "| organisations | seeds a point | runs alone, s | sweep, s | added, %: median (all rounds) |"
    yield "| --- | --- | --- | --- | --- |"
    for organisations, replicates in ((60, 10), (60, 1), (30, 10), (30, 1)):
        found = sweeps.added_to_runs(asked.runs, replicates, asked.rounds, organisations=organisations)
        runs, whole = (spread([getattr(each, name) for each in found]) for name in ("runs", "whole"))
        added = spread([each.added for each in found], ".0f")
        yield f"| {organisations} | {replicates} | {runs} | {whole} | **{added}** |"


def _seconds(taken: list[Took], form: str) -> str:
    return spread([took.seconds for took in taken], form)


def _others(taken: list[Took]) -> str:
    """Say how busy others kept the machine."""
    return f"Other programs kept {spread([took.others for took in taken], '.1f')} processors busy meanwhile."


def months(asked: Asked) -> Iterator[str]:
    """Measure the memory of a sweep that keeps every month."""
    runs = 10 * asked.runs
    peak, written = sweeps.peak_memory(runs, 2)
    yield f"## {runs:,} runs with every month kept"
    yield ""
    yield (
        f"{peak:.2f} GB resident at the peak, command and two workers added up, and {written:.2f} GB written. What the"
        " processes share is counted in each."
    )


def dashboard(asked: Asked) -> Iterator[str]:
    """Measure the dashboard beside SolaraViz."""
    from benchmarks.dashboard import AFTER_CHANGE, BLOCK, BLOCKS, MOVES, VISITORS, measure, rows

    ours, peer = measure()
    yield "## The dashboard beside Mesa's SolaraViz of the same model"
    yield ""
    yield "A real Chromium, offline, 60 organisations, the run of 132 months included; each value of a slider is a new"
    yield f"run. {BLOCKS * BLOCK} presses of a key each, in blocks of {BLOCK} in turn ({AFTER_CHANGE} more at the"
    yield "beginning of a block are not counted), from rest to painted drawing. In SolaraViz a slider does nothing"
    yield "until Reset is pressed: its time is from there. Place also computes every organisation's months and causes."
    yield f"{VISITORS} visitors are real connections that move again as soon as they are answered, {MOVES} times each,"
    yield "on the same processors as the server. First pages are timed in turn, by the page itself, in a browser that"
    yield "nobody drives. Memory: with the whole of Place sent."
    yield ""
    yield from rows(ours, peer)


PARTS = {
    "model": model, "month": month, "place": place, "command": command, "batch": batch, "workers": workers,
    "sharing": sharing, "bookkeeping": bookkeeping, "months": months, "dashboard": dashboard,
}  # fmt: skip
GROUPS = {"sweeps": ("batch", "workers", "sharing", "bookkeeping", "months")}
"""Parts that are measured together under a name of their own."""
