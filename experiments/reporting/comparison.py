"""Page and files of a comparison, for people who change places first."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.arms import NO_PARTNER
from experiments.comparison import (
    FLAT,
    Comparison,
    Contrast,
    contrast,
    described,
    in_order,
    in_text,
    is_named,
    last_month,
    level,
    main_pair,
    pressure_contrasts,
    pressure_title,
    replicates,
    title,
)
from experiments.contrast import EARLY
from experiments.export import summary, write_csv, write_json, write_parquet
from experiments.reporting import tables
from experiments.reporting.claims import share_sentence
from experiments.reporting.figures.comparison import draw_figures, write_figures
from experiments.reporting.figures.sheet import Picture
from experiments.reporting.html import Row, anchor, render, subject_values
from experiments.reporting.numbers import capital, joined
from experiments.reporting.phrases import (
    chance_sentence,
    contrast_sentence,
    enough_sentence,
    flat_routes,
    levels_sentence,
    places_sentence,
    precision_told,
    probability_sentence,
    reach_sentence,
    short_sentence,
    size_sentence,
    sized,
    turns_sentence,
    verdict_words,
)
from experiments.reporting.robustness import robustness
from experiments.reporting.robustness import sentences as robustness_sentences
from simulation.outcomes import level as level_words
from simulation.outcomes import number
from simulation.text import counted
from simulation.vocabulary import ACTIVITIES

UNABSORBED = "austerity-unabsorbed"
ACTIVITY_TITLES = {activity.id: activity.title.lower() for activity in ACTIVITIES}


def report_page(comparison: Comparison, pictures: Sequence[Picture]) -> str:
    """Return the whole page; it needs no network and no other file."""
    pair, scenarios = main_pair(comparison), comparison.scenarios
    routes = in_order(comparison)
    tried = robustness(comparison, pictures)
    sections = [(f"place-{anchor(scenario)}", title(comparison, scenario)) for scenario in scenarios]
    return render(
        "comparison.html",
        version=str(comparison.manifest.get("version", "")),
        about=subject_values(comparison, structures=comparison.structures["structure"].n_unique() if tried else 0),
        pair=pair and [in_text(comparison, route) for route in pair],
        titles=pair and [title(comparison, route) for route in pair],
        named=pair is not None and is_named(comparison),
        routes=[title(comparison, route) for route in routes],
        months=comparison.months["month"].max(),
        sections=sections,
        places=[
            _answer(comparison, scenario) | _numbers(comparison, scenario)
            | {"title": words, "anchor": where, "month": last_month(comparison, scenario),
               "pictures": {picture.name: picture for picture in pictures if picture.scenario == scenario}}
            for scenario, (where, words) in zip(scenarios, sections, strict=True)
        ],
        agree=agreement(comparison),
        place_rows=[_place_row(comparison, scenario) for scenario in scenarios],
        route_rows=[
            [title(comparison, route), about.get("description", ""), _phases(about)]
            for route, about in ((route, described(comparison, "routes", route)) for route in routes)
        ],
        tried=tried,
        flat=f"{10 * FLAT:.0f}",
        would=[would_sentence(comparison, scenario) for scenario in scenarios],
        sourced=[words for scenario in scenarios if (words := sourced_cuts(comparison, scenario))],
        reach=_reach(comparison),
        precision=precision_told(comparison),
        share="" if pair is None else share_sentence(*pair),
    )  # fmt: skip


def agreement(comparison: Comparison) -> str:
    """Say whether the places agree; nothing where there is one, or no pair of routes."""
    pair = main_pair(comparison)
    found = {scenario: contrast(comparison, scenario, *pair) for scenario in comparison.scenarios} if pair else {}
    return places_sentence({scenario: item for scenario, item in found.items() if item is not None})


def _answer(comparison: Comparison, scenario: str) -> dict[str, Any]:
    """Return the verdict on a place, and what is said under it."""

    def name(route: str) -> str:
        return in_text(comparison, route)

    pair, month = main_pair(comparison), last_month(comparison, scenario)
    levels = {route: level(comparison, scenario, route, "practice") for route in in_order(comparison)}
    medians = {route: item.median for route, item in levels.items() if item is not None}
    said = [levels_sentence(medians, name, month=month, no_partner=NO_PARTNER, pair=pair)]
    end = contrast(comparison, scenario, *pair) if pair is not None else None
    if pair is None or end is None:
        return {"verdict": "", "said": said}
    said += [size_sentence(end, name), probability_sentence(end, name)]
    bands = [(item.low, item.high) for route in pair if (item := levels.get(route)) is not None]
    said += [chance_sentence(end, bands, name)] if len(bands) == 2 else []
    early = contrast(comparison, scenario, *pair, "practice", EARLY) if month > EARLY else None
    said += [] if early is None else [f"Two years in: {contrast_sentence(early, name)}"]
    others = pressure_contrasts(comparison, scenario, pair)
    said.append(turns_sentence(end, others, name, lambda pressure: f"“{pressure_title(comparison, pressure)}”"))
    said += robustness_sentences(comparison, scenario, name)[:1]
    return {"verdict": short_sentence(end, name), "said": said}


def _numbers(comparison: Comparison, scenario: str) -> dict[str, Any]:
    """Return the rows of a place's tables."""
    pair = main_pair(comparison)
    return {
        "after": counted(last_month(comparison, scenario), "month"),
        "levels": tables.level_rows(comparison, scenario),
        "behaviours": tables.behaviour_rows(comparison, scenario),
        "pairs": tables.pair_rows(comparison, scenario),
        "differences": tables.difference_rows(comparison, scenario, pair) if pair else [],
        "pressures": tables.pressure_rows(comparison, scenario, pair) if pair else [],
    }


def _place_row(comparison: Comparison, scenario: str) -> Row:
    """Return what a place is, in a row."""
    about = described(comparison, "scenarios", scenario)
    place = about.get("place") or {}
    who, days = comparison.pictures.get(scenario), place.get("days")
    return [
        title(comparison, scenario),
        place.get("description") or about.get("description") or "",
        f"{0 if who is None else len(who.ids)}",
        "not recorded" if days is None else number(float(days), 0),
        f"{last_month(comparison, scenario)}",
        f"{replicates(comparison, scenario)}",
    ]


def _phases(about: Mapping[str, Any]) -> str | list[str]:
    """Return what the partner does on a route, phase by phase: the three activities with the most days."""
    phases = about.get("phases") or []
    if not phases:
        return "no learning partner" if about else "not recorded"
    lines = []
    for phase in phases:
        shares = sorted(
            ((share, ACTIVITY_TITLES[key]) for key, share in phase.items() if key in ACTIVITY_TITLES), reverse=True
        )
        most = ", ".join(f"{words} {number(100 * share, 0)}%" for share, words in shares[:3])
        lines.append(f"{phase.get('name') or 'Phase'}, {counted(phase['months'], 'month')}: {most}")
    return lines


def _reach(comparison: Comparison) -> list[str]:
    """Say of each place how many replicates there were, and how far the interval of the main difference reaches."""
    pair = main_pair(comparison)
    say = enough_sentence if comparison.stopping is None else reach_sentence
    found = {scenario: contrast(comparison, scenario, *pair) for scenario in comparison.scenarios} if pair else {}
    return [f"{title(comparison, scenario)}: {say(one)}" for scenario, one in found.items() if one is not None]


def would_sentence(comparison: Comparison, scenario: str) -> str:
    """Say which routes stay flat in a place, and under which of the pressures tried that turns."""
    levels = {route: level(comparison, scenario, route, "practice") for route in comparison.routes}
    medians = {route: item.median for route, item in levels.items() if item is not None and route != NO_PARTNER}
    flat, place = flat_routes(medians), title(comparison, scenario)
    pair = main_pair(comparison)
    tried = pressure_contrasts(comparison, scenario, pair) if pair is not None else []
    if not flat:
        words = f"{place}: no route with a learning partner stays flat in the middle run."
        fails = _where(comparison, tried, flat=True)
        return f"{words} For that, pressure must not be as under {fails}, where it would." if fails else words
    which = "every route" if len(flat) == len(medians) else joined([in_text(comparison, route) for route in flat])
    words = f"{place}: {which} {'stays' if len(flat) in (1, len(medians)) else 'stay'} flat in the middle run."
    helps = _where(comparison, tried, flat=False)
    if helps:
        return f"{words} Of the pressures tried, practice rises under {helps}."
    return f"{words} So do both main routes under every other pressure tried." if tried else words


def _where(comparison: Comparison, tried: list[Contrast], *, flat: bool) -> str:
    """Name the pressures under which main routes stay flat (or do not), with those routes."""
    said = []
    for found in tried:
        ends = {found.first: found.first_median, found.second: found.second_median}
        routes = [route for route, end in ends.items() if end is not None and (end < FLAT) == flat]
        if routes:
            words = "both main routes" if len(routes) == 2 else in_text(comparison, routes[0])
            said.append(f"“{pressure_title(comparison, found.pressure)}” ({words})")
    return joined(said)


def sourced_cuts(comparison: Comparison, scenario: str) -> str:
    """Say what the sourced rates of cuts do to a place when taken at their word."""
    pair = main_pair(comparison)
    if pair is None:
        return ""
    for found in pressure_contrasts(comparison, scenario, pair):
        if found.pressure != UNABSORBED:
            continue
        ends = []
        for route, pressed in ((found.first, found.first_median), (found.second, found.second_median)):
            own = level(comparison, scenario, route, "practice")
            if own is not None and pressed is not None:
                instead = f"{level_words('practice', pressed)} of 10 instead of {level_words('practice', own.median)}"
                ends.append(f"{in_text(comparison, route)} ends at {instead}")
        words = verdict_words(found, lambda route: in_text(comparison, route))
        middle = f" {capital(joined(ends))}." if ends else ""
        return f"{title(comparison, scenario)}:{middle} Difference {sized(found)}: {words}."
    return ""


def write_report(comparison: Comparison, folder: Path, *, pictures: Sequence[Picture] | None = None) -> Path:
    """Write `report.html` into a folder and return its path; it needs no network and no other file.

    `pictures` are those of `draw_figures`, where they have been drawn already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "report.html"
    drawn = draw_figures(comparison) if pictures is None else pictures
    path.write_text(report_page(comparison, drawn), encoding="utf-8")
    return path


def write_comparison(comparison: Comparison, folder: Path, *, scenarios: dict[str, Any], report: bool = True) -> None:
    """Write a comparison's tables into a folder, and figures and report if asked. Raises OSError.

    `scenarios` is the full content of what was compared.
    """
    write_parquet(comparison.runs, folder / "runs.parquet")
    write_parquet(comparison.months, folder / "months.parquet")
    write_csv(summary(comparison.levels), folder / "summary.csv")
    write_csv(comparison.contrasts, folder / "contrasts.csv")
    if not comparison.pressures.is_empty():
        write_csv(comparison.pressures, folder / "pressures.csv")
        write_parquet(comparison.runs_under_pressures, folder / "runs-under-pressures.parquet")
    if not comparison.structures.is_empty():
        write_csv(comparison.structures, folder / "structures.csv")
        write_parquet(comparison.runs_under_structures, folder / "runs-under-structures.parquet")
    write_json(scenarios, folder / "scenarios.json")
    if not report:
        return
    pictures = draw_figures(comparison)
    write_figures(comparison, folder / "figures", pictures=pictures)
    write_report(comparison, folder, pictures=pictures)
