"""Measure speed and memory beside the peers: `python -m benchmarks [PART ...] [--out docs/speed.md]`."""

import argparse
import sys
from pathlib import Path

from benchmarks.page import page_of, parts_of, surroundings
from benchmarks.parts import GROUPS, PARTS, Asked
from benchmarks.taking import Patience


def main() -> int:
    """Measure and print, or write to a file in which the parts that are not measured stay as they are."""
    usual = Asked()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join([*PARTS, *GROUPS])}; default: all")
    parser.add_argument("--out", type=Path, help="write the page here as well")
    parser.add_argument("--rounds", type=int, default=usual.rounds)
    parser.add_argument("--sizes", type=int, nargs="*", default=list(usual.sizes))
    parser.add_argument("--large", type=int, default=usual.large)
    parser.add_argument("--runs", type=int, default=usual.runs, help="of a sweep; ten times as many where workers tell")
    parser.add_argument("--calm", type=float, default=0, help="minutes to wait for a calm machine before a measurement")
    parser.add_argument("--tries", type=int, default=1, help="of a measurement that other programs disturb")
    options = parser.parse_args()
    chosen = [name for part in options.parts or PARTS for name in GROUPS.get(part, (part,))]
    if unknown := sorted(set(chosen) - set(PARTS)):
        parser.error(f"unknown parts: {', '.join(unknown)}")
    patience = Patience(60 * options.calm, options.tries)
    asked = Asked(options.rounds, tuple(options.sizes), options.large, options.runs, patience)
    found = parts_of(options.out.read_text(encoding="utf-8")) if options.out and options.out.is_file() else {}
    for name in chosen:
        where = surroundings()
        found[name] = "\n".join([*PARTS[name](asked), "", where]).replace("\n\n\n", "\n\n")
        print(found[name] + "\n", flush=True)
        if options.out:
            options.out.write_text(page_of(found, PARTS), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
