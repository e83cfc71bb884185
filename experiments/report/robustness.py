"""Tell whether the main contrast would be another in another structure of the model."""

from collections.abc import Sequence

from experiments.comparison import Comparison
from experiments.figures import Picture
from experiments.reading import Contrast, in_text, title
from experiments.report.html import Html, el, join, paragraphs, table
from experiments.report.place import figure
from experiments.robustness import Tried, is_tried, itself, named_words, sentences, tried
from experiments.shown import difference, interval
from experiments.shown import level as level_words
from experiments.wording import joined, verdict_words

HEADING = "Would another structure say the same?"
ANCHOR = "structure"


def robustness(comparison: Comparison, pictures: Sequence[Picture]) -> Html | None:
    """Return the section, or None where no other structure was tried."""
    if not is_tried(comparison):
        return None
    parts = [el("h2", HEADING, id=ANCHOR), _introduction(comparison)]
    by_place = {picture.scenario: picture for picture in pictures if picture.name == "structures"}
    for scenario in comparison.scenarios:
        parts.append(el("h3", title(comparison, scenario)))
        parts.append(paragraphs(*sentences(comparison, scenario, lambda route: in_text(comparison, route))))
        numbers = structures_table(comparison, scenario)
        parts.append(figure(by_place[scenario], numbers) if scenario in by_place else numbers)
    return join(parts)


def _introduction(comparison: Comparison) -> Html:
    rows = [row for scenario in comparison.scenarios for row in tried(comparison, scenario)]
    pairs = min(row.end.replicates for row in rows)
    what = (
        "A model’s rules could be otherwise, and a place could be tied together otherwise. Here the main difference is "
        f"measured again with one rule changed at a time, on {pairs} paired seeds each: exploratory, and with so many "
        "intervals about one in twenty misses by luck."
    )
    moved = sorted({row.place for row in rows if row.place and row.place not in row.title})
    where = ""
    if moved:
        where = (
            "A place whose relationships stand in a file has no other network to be given: networks are tried in the "
            f"{joined(moved).lower()}, which has other organisations and no path of cuts of its own, under the same "
            "pressure and rules."
        )
    others = sorted({row.place for row in rows if row.place and row.place in row.title})
    own = "its" if len(others) == 1 else "their"
    whole = f"The relationships of {joined(others)} come with {own} organisations, days and cuts." if others else ""
    left_out = (
        "Averaging of practice among neighbours is left out: under it nothing a learning partner leads can move "
        "practice."
    )
    return paragraphs(what, f"{where} {whole}".strip(), left_out)


def structures_table(comparison: Comparison, scenario: str) -> Html:
    """Return the main contrast by structure, with both medians, at the last month and two years in."""
    main = itself(comparison, scenario)
    rows = [] if main is None else [main, *tried(comparison, scenario)]
    if not rows:
        return join([])
    first, second = (title(comparison, route) for route in (rows[0].end.first, rows[0].end.second))
    month, place = rows[0].end.month, title(comparison, scenario)
    early = [one.early for one in rows if one.early is not None]
    head = ["Structure", first, second, f"At month {month}", f"Verdict, month {month}"]
    if early:
        head += [f"At month {early[0].month}", f"Verdict, month {early[0].month}"]
    return table(
        f"Practice in {place} under each structure, 0–10: medians of both routes at month {month}, and the mean "
        f"paired differences with their 95% intervals. {named_words(rows[0])}",
        [*head, "Pairs"],
        [_row(comparison, one, early=bool(early)) for one in rows],
    )


def _row(comparison: Comparison, one: Tried, *, early: bool) -> list[Html | str]:
    medians = [one.end.first_median, one.end.second_median]
    cells: list[Html | str] = [join([one.title, el("small", one.heading) if one.group else None])]
    cells += ["not measured" if median is None else level_words("practice", median) for median in medians]
    cells += _cells(comparison, one.end)
    if early:
        cells += _cells(comparison, one.early)
    return [*cells, f"{one.end.replicates}"]


def _cells(comparison: Comparison, found: Contrast | None) -> list[Html | str]:
    if found is None:
        return ["not measured"] * 2
    spread = el("small", interval("practice", found.low, found.high))
    return [
        join([difference("practice", found.difference), spread]),
        verdict_words(found, lambda route: in_text(comparison, route)),
    ]
