"""What is wrong with a file: where, allowed, nearest name."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from typing import Self


LONGEST = 100
MOST = 2_000


def nearest(value: object, allowed: Iterable[str]) -> str:
    """Return the allowed name most like `value`, or "" when none is like it.

    >>> nearest("helth", ["health", "housing"])
    'health'
    >>> nearest("Council Services", ["council", "council-services"])
    'council-services'
    >>> nearest("zebra", ["health", "housing"])
    ''
    """
    names = {_plain(name): name for name in list(allowed)[:MOST]}
    text = _plain(str(value)[:LONGEST])
    if text in names:
        return names[text]
    close = get_close_matches(text, names, n=1, cutoff=0.6)
    return names[close[0]] if close else ""


def _plain(text: str) -> str:
    return text.strip().casefold().replace(" ", "-").replace("_", "-")


T = TypeVar("T")
Path_ = tuple[str | int, ...]

SHOWN = 20
"""Problems that an error's text lists; `ProblemError.problems` holds all that were kept."""
KEPT = 1_000
SEARCHED = 50
"""Problems for which a nearest name is looked for: enough to mend a file by, and quick for a broken one."""
LONGEST_VALUE = 60
MOST_ALLOWED = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `message` completes the sentence that `value`, where there is one, begins.

    `path` is the key as a path into the data (positions from 0); `key` is the same for people (from 1).
    """

    message: str
    file: str = ""
    line: int | None = None
    key: str = ""
    value: str = ""
    allowed: str = ""
    nearest: str = ""
    path: Path_ = ()

    def __str__(self) -> str:
        """Return file, line, key, value, what is allowed and the nearest name as one sentence or two."""
        line = f"line {self.line}" if self.line else ""
        where = ", ".join(part for part in (self.file, line, self.key) if part)
        text = f"{where}: " if where else ""
        text += f"'{self.value}' {self.message}" if self.value else self.message
        if self.allowed:
            text += f"; allowed: {self.allowed}"
        if self.nearest:
            text += f"; did you mean '{self.nearest}'?"
        return text


class ProblemError(ValueError):
    """All that is wrong with what was given, as `problems`; the text names every one, up to a screenful."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems."""
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Return one clear text."""
        if len(self.problems) == 1:
            return str(self.problems[0])
        many = f"at least {KEPT:,}" if len(self.problems) >= KEPT else str(len(self.problems))
        lines = [f"{many} problems:"]
        told: set[str] = set()
        for problem in self.problems[:SHOWN]:
            again = len(problem.allowed) > LONGEST_VALUE and problem.allowed in told
            lines.append(f"- {replace(problem, allowed='as above') if again else problem}")
            told.add(problem.allowed)
        if len(self.problems) > SHOWN:
            or_more = " or more" if len(self.problems) >= KEPT else ""
            lines.append(f"- and {len(self.problems) - SHOWN}{or_more} more")
        return "\n".join(lines)


class Doubt(NamedTuple):
    """What may well be wrong, and what to do about it while it is being read."""

    text: str
    hint: str = ""

    def __str__(self) -> str:
        """Return both."""
        return f"{self.text}; {self.hint}" if self.hint else self.text


@dataclass
class Findings:
    """Collect problems (errors) and notes (what was assumed, what is unusual) while reading.

    Doubts are notes on what may well be wrong, and are said before the others.
    """

    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    def add(
        self,
        message: str,
        *,
        file: str = "",
        line: int | None = None,
        key: str = "",
        value: object = None,
        allowed: str | Iterable[str] = "",
        like: Iterable[str] = (),
        meant: str = "",
        path: Path_ = (),
    ) -> None:
        """Add a problem; `meant` is the nearest valid name, `like` the names among which it is looked for."""
        if len(self.problems) >= KEPT:
            return
        names = list(like) if len(self.problems) < SEARCHED else []
        self.problems.append(
            Problem(
                message=message,
                file=file,
                line=line,
                key=key or shown_path(path),
                value="" if value is None else shown(value),
                allowed=listed(allowed),
                nearest=meant or (nearest(value, names) if names else ""),
                path=path,
            )
        )

    def note(self, text: str, *, file: str = "", line: int | None = None) -> None:
        """Add a note."""
        self.notes.append(_placed(text, file, line))

    def doubt(self, text: str, *, hint: str = "", file: str = "", line: int | None = None) -> None:
        """Add a doubt; the hint says how else it can be read, to those who can still choose."""
        self.doubts.append(Doubt(_placed(text, file, line), hint))

    def settle(self, result: T | None, notes: list[str] | None = None) -> T:
        """Return the result; hand the notes over. Raises ProblemError where there is any problem."""
        if self.problems:
            raise ProblemError(self.problems)
        if result is None:
            msg = "nothing was read, and no problem was named"
            raise RuntimeError(msg)
        if notes is not None:
            notes.extend(self.notes)
        return result

    def take(self, other: "Self") -> None:
        """Take over another collection."""
        self.problems += other.problems[: max(KEPT - len(self.problems), 0)]
        self.notes += other.notes
        self.doubts += other.doubts


def _placed(text: str, file: str, line: int | None) -> str:
    where = ", ".join(part for part in (file, f"line {line}" if line else "") if part)
    return f"{where}: {text}" if where else text


def shown(value: object) -> str:
    """Return a value on one line, shortened."""
    text = " ".join("".join(c if c.isprintable() else " " for c in str(value)[:1_000]).split())
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def shown_path(path: Path_) -> str:
    """Return a path into the data for people, positions counted from 1: `phases[1].shares.help`."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def listed(allowed: str | Iterable[str], *, most: int = MOST_ALLOWED, apart: str = ", ") -> str:
    """Return what is allowed as text, a list of more than `most` shortened.

    >>> listed(["health", "housing", "council"], most=2)
    'health, housing, and 1 more'
    """
    if isinstance(allowed, str):
        return allowed
    names = [str(name) for name in allowed]
    return apart.join(names if len(names) <= most else [*names[:most], f"and {len(names) - most} more"])
