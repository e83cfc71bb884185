"""Say how much a sweep is before it is run: runs, time and disk, by a sample of its runs that is timed."""

from collections.abc import Sequence
from typing import NamedTuple

from experiments.design import Row, columns, plain
from experiments.sweep_plan import Plan
from experiments.sweep_runs import Finished, Job, carry_out_chunk
from experiments.sweep_work import Chunk

SAMPLES = 5
RUNS_A_SAMPLE = 8
LONGEST = 20.0
"""Seconds after which no further sample is begun."""


class Estimate(NamedTuple):
    """What a sweep takes; `seconds` by one worker, `disk` in bytes, both by the sampled runs."""

    points: int
    arms: int
    replicates: int
    runs: int
    chunks: int
    runs_a_chunk: int
    sampled: int
    failed: int
    seconds: float
    disk: float


def estimate(plan: Plan) -> Estimate:
    """Carry out a few runs from all over the plan, keep none of them, and scale up."""
    work = plan.work
    last = max(0, work.runs - RUNS_A_SAMPLE)
    firsts = sorted({k * last // max(1, SAMPLES - 1) for k in range(SAMPLES)})
    alone, *chunks = [
        Chunk(0, first, min(count, work.runs - first))
        for first, count in [(0, 1), *((f, RUNS_A_SAMPLE) for f in firsts)]
    ]
    values = _values(plan, [alone, *chunks])

    def timed(chunk: Chunk) -> Finished:
        return carry_out_chunk(work, Job(chunk, tuple(values[point] for point in range(*work.point_range(chunk)))))

    single = timed(alone)
    found: list[Finished] = []
    for chunk in chunks:
        if sum(sample.seconds for sample in found) < LONGEST:
            found.append(timed(chunk))
    sampled = sum(sample.chunk.size for sample in found)
    more = sampled - len(found)
    extra = sum(map(_bytes, found)) - len(found) * _bytes(single)
    each = extra / more if more and extra > 0 else _bytes(single)
    overhead = max(0.0, _bytes(single) - each)
    return Estimate(
        work.points, len(work.arms), work.replicates, work.runs, work.chunks, work.runs_a_chunk, sampled,
        sum(sample.failed for sample in found), work.runs * sum(sample.seconds for sample in found) / sampled,
        work.runs * each + work.chunks * overhead,
    )  # fmt: skip


def _values(plan: Plan, chunks: Sequence[Chunk]) -> dict[int, Row]:
    """Return the values of the points of these chunks."""
    work = plan.work
    points = sorted({point for chunk in chunks for point in range(*work.point_range(chunk))})
    picked = [[plain(column[p]) for p in points] for column in columns(work.design, work.factors, plan.rows)]
    return {point: tuple(column[k] for column in picked) for k, point in enumerate(points)}


def _bytes(finished: Finished) -> int:
    return len(finished.runs) + len(finished.months or b"")
