"""Turn a date that a person typed into a programme month."""

import re
from typing import NamedTuple

_DATE = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?", re.ASCII)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
FIRST_YEAR, LAST_YEAR = 1900, 2200
ALLOWED = "a month such as 2024-03, or a day such as 2024-03-15"


class Month(NamedTuple):
    """A calendar month."""

    year: int
    month: int

    def __str__(self) -> str:
        """Return it as dates are written in files.

        >>> str(Month(2024, 3))
        '2024-03'
        """
        return f"{self.year}-{self.month:02}"

    def after(self, months: int) -> "Month":
        """Return the month so many months later.

        >>> str(Month(2024, 11).after(3))
        '2025-02'
        """
        whole = self.year * 12 + self.month - 1 + months
        return Month(whole // 12, whole % 12 + 1)

    def since(self, other: "Month") -> int:
        """Return how many months this one is after another."""
        return (self.year - other.year) * 12 + self.month - other.month


def month_from(text: str) -> Month | None:
    """Return the month of a date, or None where it is no date.

    >>> month_from("2024-03-15")
    Month(year=2024, month=3)
    >>> month_from("15/03/2024")
    """
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups(default="1"))
    if not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= month <= 12 or not 1 <= day <= _DAYS[month - 1]:
        return None
    return Month(year, month)
