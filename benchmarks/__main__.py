"""Measure speed and memory beside the peers: `python -m benchmarks [--out docs/speed.md]`."""

import argparse
import os
import platform
import sys
from pathlib import Path

import mesa
import numba
import numpy as np

from benchmarks import memory, startup
from benchmarks.speed import COURSE, KERNEL, PEER, RUN, STEPPED, Timing, ratios, time_all


def speed_table(organisations: int, rounds: int) -> list[str]:
    """Return the lines of the table of one size."""
    timings = {timing.way: timing for timing in time_all(organisations, rounds)}
    lines = [
        f"## {organisations} organisations, 132 months, {rounds} rounds",
        "",
        "| way | median ms | fastest ms | times faster than the peer: median (all rounds) |",
        "| --- | --- | --- | --- |",
    ]
    for way in (PEER, STEPPED, RUN, COURSE, KERNEL):
        timing = timings[way]
        lines.append(
            f"| {way} | {timing.median:.2f} | {1000 * min(timing.seconds):.2f} | {faster(timings[PEER], timing)} |"
        )
    for way in (STEPPED, RUN):
        times = ratios(timings[way], timings[KERNEL])
        lines += [
            "",
            f"{way}: {times[len(times) // 2]:.2f} times the compiled loop alone ({times[0]:.2f}-{times[-1]:.2f}).",
        ]
    return [*lines, ""]


def faster(peer: Timing, timing: Timing) -> str:
    """Return a ratio in words."""
    if peer is timing:
        return "1"
    times = ratios(peer, timing)
    return f"{times[len(times) // 2]:.0f} ({times[0]:.0f}-{times[-1]:.0f})"


def main() -> int:
    """Measure and print, or write to a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="write the page here as well")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--sizes", type=int, nargs="*", default=[30, 60, 200])
    parser.add_argument("--large", type=int, default=10_000)
    options = parser.parse_args()
    lines = [
        "# Speed and memory",
        "",
        "Measured by `make bench` in one run on one machine; ratios travel better than times. No test asserts a time.",
        "",
        f"{os.cpu_count()} processors, {platform.machine()}, Python {platform.python_version()},"
        f" Mesa {mesa.__version__}, NumPy {np.__version__}, Numba {numba.__version__}.",
        "",
    ]
    for size in options.sizes:
        lines += speed_table(size, options.rounds)
    large = memory.measure(options.large)
    lines += [
        f"## A large place: {large['organisations']:,} organisations, {large['relationships']:,} relationships",
        "",
        f"Built in {large['build_seconds']:.1f} s, 132 months in {large['run_seconds']:.1f} s,"
        f" {large['peak_gigabytes']:.2f} GB resident at the peak, all of Python included.",
        "",
        "## Answers of the command",
        "",
        "| command | median seconds |",
        "| --- | --- |",
        *(f"| {name} | {seconds:.2f} |" for name, seconds in startup.measure(5).items()),
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
