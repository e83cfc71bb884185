"""Sections and files of a comparison."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments.contrast import EARLY
from experiments.export import summary, write_csv, write_json, write_parquet
from experiments.manifest import informed_numbers
from experiments.reporting.claims import share_sentence
from experiments.reporting.figures.comparison import draw_figures
from experiments.reporting.figures.sheet import Picture
from experiments.reporting.html import (
    Html,
    anchor,
    el,
    figure,
    folded,
    items,
    join,
    origin,
    paragraphs,
    table,
    whole_page,
)
from experiments.reporting.numbers import capital, joined, spelled
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
    sized,
    turns_sentence,
    verdict_words,
)
from experiments.reporting.robustness import ANCHOR, HEADING, is_tried, robustness
from experiments.reporting.robustness import sentences as robustness_sentences
from experiments.reporting.tables import behaviours_table, differences_table, pairs_table, pressures_table, routes_table
from experiments.results import (
    FLAT,
    NO_PARTNER,
    Comparison,
    Contrast,
    Subject,
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
from simulation.outcomes import level as level_words
from simulation.outcomes import number, shown, shown_in
from simulation.text import counted
from simulation.vocabulary import ACTIVITIES, KINDS


def headline(comparison: Comparison) -> str:
    """Return the report's title."""
    places = joined([title(comparison, scenario) for scenario in comparison.scenarios])
    pair = main_pair(comparison)
    if pair is None:
        return f"What one entry route does in {places}"
    first, second = (in_text(comparison, route) for route in (pair[1], pair[0]))
    return f"Which way in? {capital(first)} and {second} entry compared in {places}"


def in_short(comparison: Comparison) -> Html:
    """Return the answer for each place, and whether the places agree."""
    pair = main_pair(comparison)
    boxes = [_answer(comparison, scenario, pair) for scenario in comparison.scenarios]
    agree = ""
    if pair is not None and len(comparison.scenarios) > 1:
        found = {
            title(comparison, scenario): contrast(comparison, scenario, *pair) for scenario in comparison.scenarios
        }
        agree = places_sentence({place: item for place, item in found.items() if item is not None})
    return join([el("h2", "In short", id="short"), paragraphs(agree), *boxes])


def _answer(comparison: Comparison, scenario: str, pair: tuple[str, str] | None) -> Html:
    def name(route: str) -> str:
        return in_text(comparison, route)

    month = last_month(comparison, scenario)
    found_levels = {route: level(comparison, scenario, route, "practice") for route in in_order(comparison)}
    medians = {route: item.median for route, item in found_levels.items() if item is not None}
    parts = [el("h3", title(comparison, scenario))]
    end = contrast(comparison, scenario, *pair) if pair is not None else None
    if pair is not None and end is not None:
        parts.append(el("p", short_sentence(end, name), class_="verdict"))
    parts.append(el("p", levels_sentence(medians, name, month=month, no_partner=NO_PARTNER, pair=pair)))
    if pair is not None and end is not None:
        parts.append(el("p", contrast_sentence(end, name).removeprefix(short_sentence(end, name)).strip()))
        parts.append(el("p", probability_sentence(end, name)))
        bands = [(item.low, item.high) for route in pair if (item := found_levels.get(route)) is not None]
        if len(bands) == 2:
            parts.append(paragraphs(chance_sentence(end, bands, name)))
        early = contrast(comparison, scenario, *pair, "practice", EARLY) if month > EARLY else None
        if early is not None:
            parts.append(el("p", "Two years in: ", contrast_sentence(early, name)))
    if pair is not None and end is not None:
        others = pressure_contrasts(comparison, scenario, pair)
        words = turns_sentence(end, others, name, lambda pressure: f"“{pressure_title(comparison, pressure)}”")
        parts.append(el("p", words))
        parts.append(paragraphs(*robustness_sentences(comparison, scenario, name)[:1]))
    return el("div", *parts, class_="answer")


def asked(comparison: Comparison) -> Html:
    """Return what was asked: places, routes, months, runs, and the contrast named beforehand."""
    pair = main_pair(comparison)
    places = joined([title(comparison, scenario) for scenario in comparison.scenarios])
    question = f"If a learning partner comes into {places}, does it matter by which route it comes in?"
    how = (
        "A place is a few dozen organisations that work with one another. Month by month they take up nine system "
        "behaviours, or slip back; pressure makes them rigid; trust grows slowly and is lost fast. Practice is shown "
        "from 0 to 10. Every route is run on the same seeds, so that two routes meet the same place, the same shocks "
        "and the same luck, and what is left between them is the route."
    )
    named = "No contrast was named beforehand: everything in this report is exploratory."
    if pair is not None and is_named(comparison):
        first, second = (in_text(comparison, route) for route in pair)
        named = (
            f"Named before any run: {first} minus {second}, mean practice at the last month, in each place. Everything "
            "else in this report was looked at afterwards and is exploratory."
        )
    return join(
        [
            el("h2", "What was asked", id="asked"),
            paragraphs(question, how, named),
            _places(comparison),
            _routes(comparison),
        ]
    )


def _places(comparison: Comparison) -> Html:
    rows = []
    for scenario in comparison.scenarios:
        about = described(comparison, "scenarios", scenario)
        place = about.get("place") or {}
        number_of = len(comparison.pictures[scenario].ids) if scenario in comparison.pictures else 0
        days = place.get("days")
        rows.append(
            [
                title(comparison, scenario),
                place.get("description") or about.get("description") or "",
                f"{number_of}",
                "not recorded" if days is None else number(float(days), 0),
                f"{last_month(comparison, scenario)}",
                f"{replicates(comparison, scenario)}",
            ]
        )
    head = ["Place", "What it is", "Organisations", "Partner’s days a month", "Months", "Paired seeds"]
    return table("The places", head, rows, numbers_from=2)


def _routes(comparison: Comparison) -> Html:
    rows = []
    for route in in_order(comparison):
        about = described(comparison, "routes", route)
        rows.append([title(comparison, route), about.get("description", ""), _phases(about)])
    caption = "The routes: what the learning partner does, one phase after the other"
    return table(caption, ["Route", "In a sentence", "Phases"], rows, numbers_from=None)


def _phases(about: dict) -> Html | str:  # type: ignore[type-arg]
    phases = about.get("phases") or []
    if not phases:
        return "no learning partner" if about else "not recorded"
    names = {activity.id: activity.title.lower() for activity in ACTIVITIES}
    lines = []
    for phase in phases:
        shares = sorted(((share, names[key]) for key, share in phase.items() if key in names), reverse=True)
        most = ", ".join(f"{words} {number(100 * share, 0)}%" for share, words in shares[:3])
        lines.append(f"{phase.get('name') or 'Phase'}, {counted(phase['months'], 'month')}: {most}")
    return items(lines, class_="plain")


# Say how sure this is, what would have to be true, and what the model cannot say.


UNABSORBED = "austerity-unabsorbed"


def would_have_to_be_true(comparison: Comparison) -> Html:
    """Return, for each place, which routes stay flat and under which of the pressures tried they would not."""
    parts = [_place_would(comparison, scenario) for scenario in comparison.scenarios]
    sourced = [words for scenario in comparison.scenarios if (words := sourced_cuts(comparison, scenario))]
    reading = (
        f"A route is called flat where its middle run ends below {10 * FLAT:.0f} of 10. What would have to be true "
        "for it not to be flat is read from the pressures that were tried; days, starting trust and who is among "
        "the prototypes were not tried here."
    )
    return join(
        [
            el("h2", "What would have to be true", id="true"),
            paragraphs(reading, *parts),
            el("h3", "What the cuts that were measured do, if nothing is absorbed") if sourced else None,
            paragraphs(
                "The ready places assume that half of every cut is met without losing capacity. Nobody has measured "
                "that. With nothing absorbed, and cuts that go on at the rates of the 2010s:",
            )
            if sourced
            else None,
            items(sourced) if sourced else None,
        ]
    )


def _place_would(comparison: Comparison, scenario: str) -> str:
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


def how_sure(comparison: Comparison) -> Html:
    """Return how many replicates there were, whether they are enough, and what no number of them can settle."""
    pair = main_pair(comparison)
    lines = []
    for scenario in comparison.scenarios if pair is not None else ():
        found = contrast(comparison, scenario, *pair)  # type: ignore[misc]
        if found is not None:
            reach = enough_sentence(found) if comparison.stopping is None else reach_sentence(found)
            lines.append(f"{title(comparison, scenario)}: {reach}")
    informed, numbers = informed_numbers()
    return join(
        [
            el("h2", "How sure this is", id="sure"),
            items(lines),
            paragraphs(
                *precision_told(comparison),
                "These intervals hold chance alone: what another draw of seeds would change. They say nothing of how "
                "well the model fits a real place, and more runs would not help with that.",
                f"Only about {spelled(informed)} of the model’s {numbers} numbers are informed by a source; the "
                "others are assumed. The defaults were chosen so that patterns known from practice and research "
                "appear, so that they appear is no evidence. What says more is in what share of the plausible "
                "numbers an answer holds, and under which other structures.",
                share_sentence(*pair) if pair is not None else "",
                "A verdict is “ahead” only where the whole interval lies beyond 0.2 of 10, the smallest difference "
                "taken to matter; “leans” where the interval leaves zero out but reaches into that range; “no "
                "difference that matters” where all of it lies inside; “undecided” otherwise. Fewer than twenty "
                "pairs rank nothing.",
            ),
        ]
    )


def cannot_say(comparison: Subject, *, structures: int = 0) -> Html:
    """Return what the model says and what it cannot say; `structures` were tried beside the default."""
    places = joined([title(comparison, scenario) for scenario in comparison.scenarios])
    say = (
        "It says what follows, and how often, if the assumptions listed below held: which order of work does more "
        "within this model, where order stops mattering, and what pressure does to that. It is for asking better "
        "questions, not for choosing a route."
    )
    cannot = [
        f"Nothing here is a verdict on {places}, or a forecast. No source measures how fast any behaviour spreads in "
        "a real place; organisations, ties and starting values stand for kinds of organisation and are assumed.",
        "The contrast between the two places in the essay behind this model was not designed: each went in where "
        "there was a way in. The model can’t say what would have happened there by another route.",
        "Trust is the same in both directions: that a council and a charity trust one another differently can’t be "
        "said.",
        "The nine behaviours are what a healthy system is believed to have; they are not validated measures, and "
        "practice as seen is not practice as done.",
        "Single people, conflicts of interest and politics are not in it, beyond a champion who leaves and windows "
        "that open and shut.",
        _structures_tried(structures),
    ]
    return join([el("h2", "What the model says and cannot say", id="limits"), el("p", say), items(cannot)])


def _structures_tried(count: int) -> str:
    """Say how many structures of the model were tried."""
    if not count:
        return "Another structure of the model may answer otherwise. This report tried one."
    return (
        f"Another structure of the model may answer otherwise. Beside the default this report tried {count}, one at a "
        "time and on fewer runs; together with one another, or with other numbers, they were not tried."
    )


def months_told(comparison: Comparison) -> str:
    """Return the months of the scenarios, for a sentence."""
    months = sorted({last_month(comparison, scenario) for scenario in comparison.scenarios})
    return joined([str(month) for month in months])


def choices(comparison: Subject) -> Html:
    """Return structural choices and switches that are not the default, by place."""
    lines = []
    for scenario in comparison.scenarios:
        about = described(comparison, "scenarios", scenario)
        said = [f"{name} = {value}" for name, value in (about.get("structure") or {}).items()]
        said += [f"without {switch}" for switch in about.get("without") or []]
        said += ["the lean profile"] if about.get("profile") == "lean" else []
        if said:
            lines.append(f"{title(comparison, scenario)}: {', '.join(said)}")
    return items(lines) if lines else el("p", "All rules of the model are the default ones.")


# List the numbers that are not the model's defaults, and what the words mean.


KIND_TITLES = {kind.id: kind.title for kind in KINDS}


def assumptions(comparison: Subject) -> Html:
    """Return the numbers that the scenarios change, the rules they change, and the words."""
    rows = [row for scenario in comparison.scenarios for row in _rows(comparison, scenario)]
    informed, numbers = informed_numbers()
    intro = (
        f"The model has {numbers} numbers, {informed} of them informed by a source. All are at their defaults but "
        "for these; the whole list, with ranges and sources, is in docs/odd.md."
    )
    numbers_table = table(
        "Numbers that are not the default",
        ["Number", "Place", "Default", "Here", "Unit", "Set in", "Basis of the default"],
        rows,
        numbers_from=None,
    )
    return join(
        [
            el("h2", "Assumptions", id="assumptions"),
            el("p", intro),
            numbers_table if rows else el("p", "Every number is at its default."),
            choices(comparison),
            _budgets(comparison),
            *(_pressure(comparison, scenario) for scenario in comparison.scenarios),
            *(_facts(comparison, scenario) for scenario in comparison.scenarios),
            el("h3", "What the words mean"),
            _words(),
        ]
    )


def _rows(comparison: Subject, scenario: str) -> list[list[Any]]:
    changed = described(comparison, "scenarios", scenario).get("changed") or []
    return [
        [
            join([el("code", item["name"]), el("small", item["meaning"])]),
            title(comparison, scenario),
            f"{item['default']:g}",
            f"{item['value']:g}" + ("" if item.get("plausible", True) else " (outside the plausible range)"),
            item["unit"],
            item.get("changed_in", ""),
            item["basis"],
        ]
        for item in changed
    ]


def _pressure(comparison: Subject, scenario: str) -> Html | None:
    """Return the pressure that stands over a scenario, with its sources; nothing where it is the place's own."""
    pressure = described(comparison, "scenarios", scenario).get("pressure") or {}
    if not pressure.get("sources"):
        return None
    words = f"{title(comparison, scenario)} stands under “{pressure['title']}”: {pressure['description']}"
    return join([el("p", words), items(pressure["sources"])])


def _budgets(comparison: Subject) -> Html | None:
    """Return the budget paths by kind of organisation, one row for all scenarios that share a path."""
    paths: dict[tuple[str, str], list[str]] = {}
    for scenario in comparison.scenarios:
        budget = described(comparison, "scenarios", scenario).get("budget")
        for kind, rates in {**budget["rates"], "": budget["default"]}.items() if budget else ():
            words = KIND_TITLES.get(kind, "All other kinds")
            paths.setdefault((words, _path(rates)), []).append(title(comparison, scenario))
    if not paths:
        return None
    rows = [[kind, rates, joined(places)] for (kind, rates), places in paths.items()]
    note = (
        "Of each cut, the part called cut_absorbed takes no capacity. Which rates come from a source and which are "
        "assumed stands in the place’s or the pressure’s file."
    )
    caption = "Change of budgets a year, in real terms, by kind of organisation"
    return join([table(caption, ["Kind", "Rate", "Place"], rows, numbers_from=None), el("p", note)])


def _path(rates: list[float]) -> str:
    """Return a path of rates in words: "-4.7%, -4.7%, -4.7%, then 0.0%"."""
    words = [f"{number(100 * rate, 1, signed=True)}%" for rate in rates]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])}, then {words[-1]}"


def _facts(comparison: Subject, scenario: str) -> Html | None:
    """Return what the place's file states as fact, with its source, folded away."""
    place = described(comparison, "scenarios", scenario).get("place") or {}
    facts = place.get("facts") or []
    if not facts:
        return None
    name = title(comparison, scenario)
    rows = [[f["quantity"], f["value"], f["source"], "yes" if f.get("used") else "no"] for f in facts]
    caption = f"{name}: figures with a source, and whether the model uses them"
    shown_table = table(caption, ["Quantity", "Value", "Source", "Used by the model"], rows, numbers_from=None)
    days = el("p", f"The partner’s days: {place['days_reason']}.") if place.get("days_reason") else None
    return el("details", el("summary", f"Figures and sources of {name}"), days, shown_table)


def _words() -> Html:
    pairs = [(shown(name).title, shown(name).meaning) for name in ("practice", *shown_in("report"))]
    return el("dl", *(join([el("dt", word), el("dd", f"{meaning}.".capitalize())]) for word, meaning in pairs))


# Tell of one place at length: figures, each with its numbers, and tables.


HEADINGS = {
    "routes-over-time": "Practice over ten years",
    "difference-over-time": "The difference between the two routes",
    "pressures": "Under which pressure the answer turns",
    "groups-over-time": "Which behaviours move",
    "organisations-and-behaviours": "Which organisations move",
    "network": "Who works with whom, and how much they trust",
}


def place_section(comparison: Comparison, scenario: str, pictures: Sequence[Picture]) -> Html:
    """Return everything about one place."""
    pair = main_pair(comparison)
    by_name = {picture.name: picture for picture in pictures if picture.scenario == scenario}
    after: dict[str, list[Html]] = {
        "routes-over-time": [routes_table(comparison, scenario)],
        "groups-over-time": [folded("All nine behaviours in numbers", behaviours_table(comparison, scenario))],
    }
    numbers: dict[str, Html] = {}
    if pair is not None:
        after["difference-over-time"] = [differences_table(comparison, scenario, pair)]
        if len(comparison.routes) > 2:
            after["difference-over-time"].append(folded("Every pair of routes", pairs_table(comparison, scenario)))
        if pressure_contrasts(comparison, scenario, pair):
            numbers["pressures"] = pressures_table(comparison, scenario, pair)
    elif len(comparison.routes) > 1:
        after["routes-over-time"].append(pairs_table(comparison, scenario))
    parts: list[Html] = [el("h2", title(comparison, scenario), id=anchor(scenario))]
    for name, heading in HEADINGS.items():
        if name in by_name:
            shown = figure(by_name[name], numbers.get(name))
            parts += [el("h3", _heading(heading, comparison, scenario)), shown, *after.get(name, [])]
    return join(parts)


def _heading(words: str, comparison: Comparison, scenario: str) -> str:
    months = int(comparison.months["month"].max())  # type: ignore[arg-type]
    return words if months == 120 else words.replace("over ten years", "month by month")


# Write what a comparison found as one self-contained page, for people who change places first.


def write_report(comparison: Comparison, folder: Path, *, pictures: Sequence[Picture] | None = None) -> Path:
    """Write `report.html` into a folder and return its path; it needs no network and no other file.

    `pictures` are those of `draw_figures`, where they have been drawn already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "report.html"
    drawn = draw_figures(comparison) if pictures is None else pictures
    path.write_text(report_page(comparison, drawn), encoding="utf-8")
    return path


def report_page(comparison: Comparison, pictures: Sequence[Picture]) -> str:
    """Return the whole page."""
    words = headline(comparison)
    structures = robustness(comparison, pictures)
    main = [
        in_short(comparison),
        asked(comparison),
        *(place_section(comparison, scenario, pictures) for scenario in comparison.scenarios),
        *([] if structures is None else [structures]),
        would_have_to_be_true(comparison),
        how_sure(comparison),
        cannot_say(comparison, structures=comparison.structures["structure"].n_unique() if structures else 0),
        assumptions(comparison),
        origin(comparison),
    ]
    version = str(comparison.manifest.get("version", ""))
    return whole_page(words, _contents(comparison), main, version=version)


def _contents(comparison: Comparison) -> list[tuple[str, str]]:
    places = [(anchor(scenario), title(comparison, scenario)) for scenario in comparison.scenarios]
    return [
        ("short", "In short"),
        ("asked", "What was asked"),
        *places,
        *([(ANCHOR, HEADING)] if is_tried(comparison) else []),
        ("true", "What would have to be true"),
        ("sure", "How sure this is"),
        ("limits", "What the model cannot say"),
        ("assumptions", "Assumptions"),
        ("origin", "Where this comes from"),
    ]


# Write a comparison or a run as files that anything can open: Parquet, CSV, JSON, figures, a report.


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
    from experiments.reporting.figures.comparison import draw_figures, write_figures

    pictures = draw_figures(comparison)
    write_figures(comparison, folder / "figures", pictures=pictures)
    write_report(comparison, folder, pictures=pictures)
