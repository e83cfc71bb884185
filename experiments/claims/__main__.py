"""Run the claims at full scale, store what was found, write the pages that say it: `python -m experiments.claims`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.claims.measured import FILE
from experiments.claims.page import filled, page, space_words
from experiments.claims.topics import CLAIMS
from experiments.patterns.store import read, write

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "claims.md"
BLOCKS = {ROOT / "README.md": "docs/claims.md", ROOT / "docs" / "trace.md": "claims.md"}
OUT = ROOT / "results" / "claims"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, store and write; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m experiments.claims", description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the runs, which are kept and reused")
    parser.add_argument("--workers", type=int, default=None, help="processes (default: one a processor)")
    parser.add_argument("--page-only", action="store_true", help="write the pages anew from the stored numbers")
    options = parser.parse_args(arguments)
    if not options.page_only and (status := _run(options.out, options.workers)):
        return status
    write_pages()
    return 0


def _run(out: Path, workers: int | None) -> int:
    """Run all claims as the command does, and store what was found; return the command's status."""
    from experiments.claims.plan import ClaimsPlan
    from experiments.claims.run import carry_out
    from experiments.claims.store import content_of
    from experiments.cli import main as behaviours

    more = [] if workers is None else ["--workers", str(workers)]
    if status := behaviours(["claims", "--out", str(out), *more]):
        return status
    write(content_of(carry_out(ClaimsPlan(claims=CLAIMS), out)), FILE)
    return 0


def write_pages() -> None:
    """Write docs/claims.md, and the blocks of README and docs/trace.md, from the stored numbers."""
    content = read(FILE)
    PAGE.write_text(page(content), encoding="utf-8")
    for path, where in BLOCKS.items():
        path.write_text(filled(path.read_text(encoding="utf-8"), space_words(content, where)), encoding="utf-8")
    print(f"{PAGE}, {', '.join(map(str, BLOCKS))}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
