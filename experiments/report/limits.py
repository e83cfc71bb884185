"""Say how sure this is, what would have to be true, and what the model cannot say."""

from experiments.claims.measured import share_sentence
from experiments.comparison import Comparison
from experiments.describing import informed_numbers
from experiments.precision_wording import precision_told
from experiments.reading import (
    NO_PARTNER,
    Contrast,
    contrast,
    described,
    in_text,
    last_month,
    level,
    main_pair,
    pressure_contrasts,
    pressure_title,
    title,
)
from experiments.report.html import Html, el, items, join, paragraphs
from experiments.robustness import is_tried
from experiments.shown import level as level_words
from experiments.wording import (
    FLAT,
    capital,
    enough_sentence,
    flat_routes,
    joined,
    reach_sentence,
    sized,
    verdict_words,
)

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


def spelled(number: int) -> str:
    """Return a small number as a word."""
    words = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    return words[number] if number < len(words) else str(number)


def cannot_say(comparison: Comparison) -> Html:
    """Return what the model says and what it cannot say."""
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
        _structures_tried(comparison),
    ]
    return join([el("h2", "What the model says and cannot say", id="limits"), el("p", say), items(cannot)])


def _structures_tried(comparison: Comparison) -> str:
    """Say how many structures of the model were tried."""
    if not is_tried(comparison):
        return "Another structure of the model may answer otherwise. This report tried one."
    count = comparison.structures["structure"].n_unique()
    return (
        f"Another structure of the model may answer otherwise. Beside the default this report tried {count}, one at a "
        "time and on fewer runs; together with one another, or with other numbers, they were not tried."
    )


def months_told(comparison: Comparison) -> str:
    """Return the months of the scenarios, for a sentence."""
    months = sorted({last_month(comparison, scenario) for scenario in comparison.scenarios})
    return joined([str(month) for month in months])


def choices(comparison: Comparison) -> Html:
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
