"""Whether the headline holds under other pressures and structures, in sentences and as a section."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from experiments.comparison import (
    Comparison,
    Contrast,
    Name,
    contrast,
    contrast_of,
    in_text,
    last_month,
    leader,
    level,
    main_pair,
    title,
)
from experiments.contrast import EARLY
from experiments.inference import FEWEST_TO_RANK, SIDED
from experiments.reporting.figures.sheet import Picture
from experiments.reporting.html import Cell, Row
from experiments.reporting.numbers import joined
from experiments.reporting.phrases import measured, say, tally
from experiments.reporting.tables import median

DEFAULT = "As in the scenario itself"


@dataclass(frozen=True)
class Tried:
    """The main contrast under one structure: at the last month, and two years in where that is earlier."""

    group: str
    title: str
    end: Contrast
    early: Contrast | None = None
    place: str = ""
    """Title of the place it was tried in, where that is not the scenario's own."""

    @property
    def heading(self) -> str:
        """Return the group, with the place where it is another that the title does not name."""
        return f"{self.group}{self._elsewhere}"

    @property
    def words(self) -> str:
        """Return the title, with the place where it is another that the title does not name."""
        return f"{self.title}{self._elsewhere}"

    @property
    def _elsewhere(self) -> str:
        return f" ({self.place.lower()})" if self.place and self.place not in self.title else ""


def is_tried(comparison: Comparison) -> bool:
    """Tell whether other structures were tried."""
    return not comparison.structures.is_empty()


def itself(comparison: Comparison, scenario: str) -> Tried | None:
    """Return the main contrast as in the scenario itself, with both medians, or None where there is no pair."""
    pair = main_pair(comparison)
    end = contrast(comparison, scenario, *pair) if pair else None
    if pair is None or end is None:
        return None
    months = last_month(comparison, scenario)
    early = contrast(comparison, scenario, *pair, "practice", EARLY) if months > EARLY else None
    return Tried("", DEFAULT, _with_medians(comparison, scenario, end, "practice"),
                 early and _with_medians(comparison, scenario, early, f"practice_{EARLY}"))  # fmt: skip


def tried(comparison: Comparison, scenario: str) -> list[Tried]:
    """Return the main contrast under each other structure, in order, the same way round as the main one."""
    pair = main_pair(comparison)
    if pair is None or not is_tried(comparison):
        return []
    found: dict[str, dict[int, dict]] = {}  # type: ignore[type-arg]
    for row in comparison.structures.filter(pl.col("scenario") == scenario).iter_rows(named=True):
        found.setdefault(row["structure"], {})[row["month"]] = row
    return [_tried(rows, pair) for rows in found.values() if {r["first"] for r in rows.values()} <= set(pair)]


def _tried(rows: dict[int, dict], pair: tuple[str, str]) -> Tried:  # type: ignore[type-arg]
    last = max(rows)
    read = {month: contrast_of(row) for month, row in rows.items()}
    turned = {month: one if one.first == pair[0] else one.flipped() for month, one in read.items()}
    about = rows[last]
    return Tried(
        about["group"], about["title"], turned[last], turned.get(EARLY) if last > EARLY else None,
        about["place"] if about["moved"] else "",
    )  # fmt: skip


def _with_medians(comparison: Comparison, scenario: str, found: Contrast, outcome: str) -> Contrast:
    ends = [level(comparison, scenario, route, outcome) for route in (found.first, found.second)]
    first, second = (None if end is None else end.median for end in ends)
    return replace(found, first_median=first, second_median=second)


def keeping(main: Contrast, others: Sequence[Contrast]) -> int | None:
    """Return in how many other structures a difference keeps its sign, or None where there is none to keep.

    The sign is kept where the interval lies on the same side of zero and not all of it is too small to matter.
    """
    if main.verdict not in SIDED or any(other.replicates < FEWEST_TO_RANK for other in others):
        return None
    return sum(_side(other) == _side(main) for other in others)


def robustness_sentence(main: Contrast, others: Sequence[tuple[str, Contrast]], name: Name) -> str:
    """Say in how many other structures, by title, a difference keeps its sign, and under which it changes how."""
    if not others:
        return "No other structure was tried."
    count, kept = len(others), keeping(main, [other for _, other in others])
    fewest = min(other.replicates for _, other in others)
    if fewest < FEWEST_TO_RANK:
        return f"{fewest} paired runs under each of {count} other structures rank nothing: it takes {FEWEST_TO_RANK}."
    what = f"At month {main.month} the difference"
    if kept is None:
        of = f"Of {count} other structures of the model that were tried"
        return f"{what} has no clear sign in the scenario itself. {of}, {_tally(others, name)}."
    same = [other for _, other in others if _side(other) == _side(main)]
    leaning = sum(other.verdict == "leans" for other in same)
    less = f", in {leaning} of them no more than leaning that way" if leaning and main.verdict == "ahead" else ""
    changed = [(words, other) for words, other in others if _side(other) != _side(main)]
    rest = f" It changes under {len(changed)}: {_tally(changed, name)}." if changed else ""
    places = f"{of_all(kept, count)} other structures of the model that were tried"
    return f"{what}, {say(main.verdict, 'side', name=name(leader(main)[0]))}, keeps its sign in {places}{less}.{rest}"


def of_all(some: int, count: int) -> str:
    """Return a count of several in words: "17 of 18", "all 18", "none of 18"."""
    return f"all {count}" if some == count else f"{some or 'none'} of {count}"


def _side(contrast: Contrast) -> str:
    """Return the route that a verdict is on the side of, or nothing."""
    return leader(contrast)[0] if contrast.verdict in SIDED else ""


def _tally(found: Sequence[tuple[str, Contrast]], name: Name) -> str:
    """Say under which structures which verdict was found, each verdict once."""
    groups = tally([other for _, other in found], name)
    return "; ".join(f"{said} under {joined([f'“{found[k][0]}”' for k in ks])}" for said, ks in groups.items())


def named_words(main: Tried) -> str:
    """Say what of a scenario's rows was named beforehand."""
    if not main.end.named_beforehand:
        return "Exploratory throughout"
    return f"Exploratory, but for the first row at month {main.end.month}"


def sentences(comparison: Comparison, scenario: str, name: Name) -> list[str]:
    """Return what may be said of a place at the last month, and two years in."""
    main, others = itself(comparison, scenario), tried(comparison, scenario)
    if main is None or not others:
        return []
    said = [robustness_sentence(main.end, [(other.words, other.end) for other in others], name)]
    early = [(other.words, other.early) for other in others if other.early is not None]
    if main.early is not None and early and main.early.replicates >= FEWEST_TO_RANK:
        said.append(robustness_sentence(main.early, early, name))
    return said


def robustness(comparison: Comparison, pictures: Sequence[Picture]) -> dict[str, Any] | None:
    """Return what the report's section says, or None where no other structure was tried."""
    if not is_tried(comparison):
        return None
    rows = [row for scenario in comparison.scenarios for row in tried(comparison, scenario)]
    by_place = {picture.scenario: picture for picture in pictures if picture.name == "structures"}
    return {
        "pairs": min(row.end.replicates for row in rows),
        "moved": sorted({row.place for row in rows if row.place and row.place not in row.title}),
        "others": sorted({row.place for row in rows if row.place and row.place in row.title}),
        "places": [
            {
                "title": title(comparison, scenario),
                "said": sentences(comparison, scenario, lambda route: in_text(comparison, route)),
                "picture": by_place.get(scenario),
            }
            | _numbers(comparison, scenario)
            for scenario in comparison.scenarios
        ],
    }


def _numbers(comparison: Comparison, scenario: str) -> dict[str, Any]:
    """Return the main contrast by structure as a table: both medians, the last month, and two years in."""
    main = itself(comparison, scenario)
    if main is None:
        return {"rows": []}
    shown = [main, *tried(comparison, scenario)]
    month, early = main.end.month, any(one.early is not None for one in shown)
    head = ["Structure", *(title(comparison, route) for route in (main.end.first, main.end.second))]
    for at in (month, EARLY) if early else (month,):
        head += [f"At month {at}", f"Verdict, month {at}"]
    rows = [_row(comparison, one, early=early) for one in shown]
    return {"month": month, "named": named_words(main), "head": [*head, "Pairs"], "rows": rows}


def _row(comparison: Comparison, one: Tried, *, early: bool) -> Row:
    ends = [*_cells(comparison, one.end), *(_cells(comparison, one.early) if early else ())]
    medians = [median(value) for value in (one.end.first_median, one.end.second_median)]
    return [Cell(one.title, one.heading if one.group else ""), *medians, *ends, f"{one.end.replicates}"]


def _cells(comparison: Comparison, found: Contrast | None) -> list[Cell | str]:
    if found is None:
        return [say("not measured")] * 2
    size, reach, words = measured(found, lambda route: in_text(comparison, route))
    return [Cell(size, reach), words]
