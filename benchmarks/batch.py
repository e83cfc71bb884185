"""Run the idiomatic version by Mesa's own batch runner, as a process: `python -m benchmarks.batch RUNS ...`.

The data collector is on, and the last month's rows are kept, as a sweep keeps a run's outcomes: that is the quickest
way to use the batch runner. A run ends by itself; `max_steps` is out of its way.
"""

import argparse
from pathlib import Path

import pandas as pd  # type: ignore[import-untyped]
from mesa.batchrunner import batch_run

from benchmarks.idiomatic_mesa import IdiomaticPlace


def main() -> None:
    """Run on as many seeds as asked, and write the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=int)
    parser.add_argument("first", type=int)
    parser.add_argument("processes", type=int)
    parser.add_argument("organisations", type=int)
    parser.add_argument("months", type=int)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    rows = batch_run(
        IdiomaticPlace,
        {
            "seed": range(asked.first, asked.first + asked.runs),
            "organisations": asked.organisations,
            "months": asked.months,
            "route": "prototype",
        },
        number_processes=asked.processes,
        max_steps=100_000,
        data_collection_period=-1,
        display_progress=False,
    )
    pd.DataFrame(rows).to_csv(asked.out, index=False)


if __name__ == "__main__":
    main()
