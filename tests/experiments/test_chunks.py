"""Chunks of a sweep hold the runs of the model, in order, however they were cut."""

import numpy as np
import polars as pl
import pytest

from experiments.chunks import Job, blocks_of, carry_out_chunk, joined_pieces
from experiments.design import Grid
from experiments.replicates import STEP
from experiments.runner import sweep
from experiments.work import Chunk, Work, work_of
from simulation.run import month_values, run_values, simulate
from simulation.scenario import load_scenario
from tests.experiments.plans import runs_of


def test_arms_that_are_run_together_stand_in_a_chunk_together(tmp_path):
    scenario = load_scenario("generated").changed(months=2)
    arms = work_of([scenario], routes=["none", "blended", "manifesto-led", "prototype-led"]).arms
    work = Work(arms=arms, design=Grid(), points=1, replicates=5, first_seed=7, together=2, chunk_size=4)
    places = [place for number in range(work.chunks) for place in work.places(work.chunk(number))]
    assert [place.run for place in places] == list(range(20))
    assert [(place.arm, place.replicate) for place in places[:4]] == [(0, 0), (1, 0), (0, 1), (1, 1)]
    assert {(place.arm, place.replicate) for place in places} == {(arm, k) for arm in range(4) for k in range(5)}
    one = sweep(work, tmp_path / "one").folder
    frames = {"runs": [runs_of(one)]}
    for arm, block in zip(arms, blocks_of(work, frames), strict=True):
        assert np.array_equal(block.outcomes, [run_values(simulate(arm.what, 7 + k)) for k in range(5)], equal_nan=True)


@pytest.mark.parametrize("pieces", [1, 3, 6])
def test_portraits_are_summed_over_the_seeds_of_a_chunk(pieces):
    scenario = load_scenario("gateshead").changed(months=2)
    work = work_of([scenario], routes=["none", "blended"], replicates=3).model_copy(update={"keep": "portraits"})
    whole = Chunk(0, 0, 6)
    jobs = [Job(Chunk(0, first, 6 // pieces), ((),)) for first in range(0, 6, 6 // pieces)]
    found = joined_pieces(work, whole, [carry_out_chunk(work, job) for job in jobs])
    frames = {kind: [pl.read_parquet(found.files[kind])] for kind in work.kinds}
    for arm, block in zip(work.arms, blocks_of(work, frames), strict=True):
        runs = [simulate(arm.what, work.first_seed + k, detail="full") for k in range(3)]
        practice, trust = (
            sum(np.rint(array / STEP) for array in arrays) * STEP
            for arrays in ([run.practice[-1].ravel() for run in runs], [run.trust[11] for run in runs])
        )
        assert np.array_equal(block.portrait[1], practice)
        assert np.array_equal(block.portrait[2], trust)
        assert np.array_equal(block.months[2], month_values(runs[2]).astype(np.float32), equal_nan=True)
