"""Read relationships.csv: who works with whom."""

from collections.abc import Collection
from pathlib import Path

from simulation.scenario.cells import Cells
from simulation.scenario.checks import tie_problems
from simulation.scenario.places import Relationship
from simulation.scenario.problems import Findings
from simulation.scenario.tables import Columns, read_table

COLUMNS = Columns(required=("from", "to"), optional=("strength", "trust", "kind"))
LONGEST_TEXT = 200


def read_relationships(
    path: Path, *, scale: str, ids: Collection[str] | None, findings: Findings
) -> list[Relationship] | None:
    """Return the relationships of a file, with problems added for rows that can't be read.

    Strength and trust are read on `scale`. `ids` are the organisations' (None: they could not be read, so
    ends are not checked). A file with a first line only is a place without relationships.
    """
    rows = read_table(path, COLUMNS, findings)
    if rows is None:
        return None
    file = str(path)
    ties = [(row.cells["from"], row.cells["to"]) for row in rows]
    known = ids if ids is not None else {end for tie in ties for end in tie}
    first: dict[frozenset[str], int] = {}
    for row, tie in zip(rows, ties, strict=True):
        first.setdefault(frozenset(tie), row.line)
    wrong = tie_problems(ties, known)
    for problem in wrong:
        row = rows[int(problem.path[0])]
        message = problem.message
        if "again" in message:
            message = f"is the relationship of line {first[frozenset(ties[int(problem.path[0])])]} again"
        findings.add(
            message,
            file=file,
            line=row.line,
            key=f"column {problem.path[1]}",
            value=problem.value or None,
            allowed=problem.allowed,
            meant=problem.nearest,
        )
    relationships = []
    for row, (source, target) in zip(rows, ties, strict=True):
        cells = Cells(row, findings, file)
        strength = cells.share("strength", scale)
        trust = cells.share("trust", scale)
        kind = cells.text("kind", longest=LONGEST_TEXT)
        if source and target:
            relationships.append(Relationship(source=source, target=target, strength=strength, trust=trust, kind=kind))
    return relationships
