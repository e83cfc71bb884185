"""Run every pattern check under both profiles, and write what was found: `python -m experiments.patterns`."""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from experiments.patterns.page import page
from experiments.patterns.run import run_patterns
from experiments.patterns.store import PROFILES, content_of, read, write

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "patterns.md"
STORED = ROOT / "tests" / "patterns" / "findings-200.json"
SEEDS, FIRST_SEED = 200, 10_000
"""Seeds of the published findings; 0 to 199 were used while the checks were written."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, store and write; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m experiments.patterns", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS, help="paired seeds (default: %(default)s)")
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED, help="the first of them (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=PAGE, help="the page to write (default: docs/patterns.md)")
    parser.add_argument("--findings", type=Path, default=STORED, help="the file that stores the numbers")
    parser.add_argument("--workers", type=int, default=2, help="processes (default: %(default)s)")
    parser.add_argument("--page-only", action="store_true", help="write the page anew from the stored numbers")
    options = parser.parse_args(arguments)
    if options.page_only:
        options.out.write_text(page(read(options.findings)), encoding="utf-8")
        return 0
    began = time.monotonic()
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    findings = {
        profile: run_patterns(
            seeds,
            profile=profile,
            workers=options.workers,
            tell=lambda name, profile=profile: print(f"{profile}: {name}", file=sys.stderr),  # type: ignore[misc]
        )
        for profile in PROFILES
    }
    content = content_of(findings)
    write(content, options.findings)
    options.out.write_text(page(content), encoding="utf-8")
    print(f"{options.out} and {options.findings}, in {time.monotonic() - began:.0f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
