"""Carry the fuzz job out; say how a case that went wrong is met again: `python -m tests.fuzz [KIND [NUMBER]]`."""

import argparse
import sys
from collections import Counter
from pathlib import Path

from experiments.reporting.markdown import BLOCK, table
from tests.fuzz.cases import KINDS, WHOLE, Ended, carry_out, counts

Tally = dict[str, Counter[str]]
WHAT = {
    "place": "a place's folder, one file of three spoilt",
    "part": "routes, pressures and scenarios",
    "settings": "texts after `--set`",
    "map": "stakeholder maps to import: tables, workbooks, JSON, GraphML, GEXF, Pajek",
    "plan": "plans and design tables",
    "survey": "tables of observations",
    "words": "command lines",
    "result": "result folders with files missing, cut, garbled or exchanged",
}


def tally(cases: int, kinds: list[str], *, first: int = 0, say: bool = False) -> tuple[Tally, list[str], float]:
    """Carry out cases of each kind; return how they ended, what went wrong, and the longest in seconds."""
    ended: Tally = {kind: Counter() for kind in kinds}
    faults, longest = [], 0.0
    for kind in kinds:
        for number in range(first, first + counts(cases)[kind]):
            found: Ended = carry_out(kind, number)
            longest = max(longest, found.seconds)
            ended[kind][found.how if found.how in ("done", "refused", "hang") else "traceback"] += 1
            if found.at_fault:
                faults.append(
                    f"python -m tests.fuzz {kind} {number}: {found.how} after {found.seconds:.1f} s\n{found.said}"
                )
                if say:
                    print(faults[-1], flush=True)
    return ended, faults, longest


def page_rows(ended: Tally, longest: float) -> str:
    """Return the table of the page, a row a kind, and the longest case below it."""
    header = ["what is spoilt", "cases", "done", "refused in one clear error", "tracebacks", "hangs over 10 s"]
    rows = [
        [f"{kind}: {WHAT[kind]}", f"{how.total():,}", f"{how['done']:,}", f"{how['refused']:,}", str(how["traceback"]),
         str(how["hang"])]
        for kind, how in ended.items()
    ]  # fmt: skip
    return f"{table(header, rows)}\n\nThe longest case took {longest:.1f} seconds."


def main() -> int:
    """Carry out the job, or a part of it; write its counts into a page where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", nargs="?", choices=list(KINDS), help="only this kind")
    parser.add_argument("number", nargs="?", type=int, help="only this case, told whole")
    parser.add_argument("--cases", type=int, default=WHOLE, help="of all kinds together")
    parser.add_argument("--page", type=Path, help="write the counts into the block `generated: fuzz` of this page")
    options = parser.parse_args()
    if options.number is not None:
        found = carry_out(options.kind, options.number)
        print(f"{found.how} after {found.seconds:.2f} s\n{found.said}")
        return int(found.at_fault)
    ended, faults, longest = tally(options.cases, [options.kind] if options.kind else list(KINDS), say=True)
    for kind, how in ended.items():
        print(f"{kind}: {dict(how)}")
    print(f"{len(faults)} faults; the longest case took {longest:.1f} s")
    if options.page:
        text = options.page.read_text(encoding="utf-8")
        filled = BLOCK.sub(lambda match: f"{match[1]}\n{page_rows(ended, longest)}\n{match[3]}", text)
        options.page.write_text(filled, encoding="utf-8")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
