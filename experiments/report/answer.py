"""Answer first: what was asked, and what came out for each place, in plain words."""

from experiments.comparison import Comparison
from experiments.contrasts import EARLY
from experiments.reading import (
    NO_PARTNER,
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
from experiments.report.html import Html, el, items, join, paragraphs, table
from experiments.robustness import sentences as robustness_sentences
from experiments.shown import number
from experiments.wording import (
    capital,
    chance_sentence,
    contrast_sentence,
    joined,
    levels_sentence,
    places_sentence,
    probability_sentence,
    short_sentence,
    turns_sentence,
)
from simulation.text import counted
from simulation.vocabulary import ACTIVITIES


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
