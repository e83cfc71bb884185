"""Read one row's cells as text, choices and numbers, saying what is wrong with each."""

from collections.abc import Sequence

from simulation.scenario.numbers import number_from
from simulation.scenario.problems import Findings
from simulation.scenario.scales import SCALES, UNKNOWN
from simulation.scenario.tables import Row


class Cells:
    """A row of a table, with where to report what is wrong."""

    def __init__(self, row: Row, findings: Findings, file: str) -> None:
        """Keep the row."""
        self.row = row
        self.findings = findings
        self.file = file

    def add(self, message: str, column: str, *, allowed: str | Sequence[str] = "", like: Sequence[str] = ()) -> None:
        """Add a problem with a cell."""
        self.findings.add(
            message,
            file=self.file,
            line=self.row.line,
            key=f"column {column}",
            value=self.row.cells.get(column) or None,
            allowed=allowed,
            like=like,
        )

    def text(self, column: str, *, longest: int) -> str:
        """Return a text; "" for a blank cell."""
        text = self.row.cells.get(column, "")
        if len(text) > longest:
            self.add("is too long", column, allowed=f"up to {longest} characters")
        return text

    def choice(self, column: str, names: Sequence[str], message: str) -> str | None:
        """Return one of the names, read whatever its case."""
        text = self.row.cells.get(column, "")
        if text.casefold() in names:
            return text.casefold()
        self.add(message if text else "the cell is blank", column, allowed=names, like=names if text else ())
        return None

    def number(self, column: str, *, low: float, high: float, above: bool = False) -> float | None:
        """Return a number from `low` (or above it) to `high`; None for a blank cell or one with a problem."""
        text = self.row.cells.get(column, "")
        if not text:
            return None
        value = number_from(text)
        span = f"above {low:g}, at most {high:,.0f}" if above else f"from {low:g} to {high:,g}"
        if isinstance(value, str):
            self.add(value, column, allowed=f"a number {span}, or blank")
            return None
        if not low <= value <= high or (above and value == low):
            self.add("is out of range", column, allowed=span)
            return None
        return value

    def share(self, column: str, scale_name: str) -> float | None:
        """Return a number given on a scale, as 0-1."""
        text = self.row.cells.get(column, "")
        if not text:
            return None
        value, scale = number_from(text), SCALES.get(scale_name, UNKNOWN)
        allowed = f'{scale.low:g} to {scale.high:g} (place.toml says scale = "{scale_name}")'
        if isinstance(value, str):
            self.add(value, column, allowed=f"{allowed}, or blank")
            return None
        if not scale.low <= value <= scale.high:
            self.add("is out of range", column, allowed=allowed)
            return None
        return scale.to_share(value)
