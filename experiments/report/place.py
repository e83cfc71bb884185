"""Tell of one place at length: figures, each with its numbers, and tables."""

from collections.abc import Sequence

from experiments.comparison import Comparison
from experiments.figures import Picture
from experiments.reading import main_pair, pressure_contrasts, title
from experiments.report.html import Html, el, join, svg_source, table
from experiments.report.tables import behaviours_table, differences_table, pairs_table, pressures_table, routes_table

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


def anchor(scenario: str) -> str:
    """Return the address of a place's section inside the page."""
    return "place-" + "".join(letter if letter.isalnum() else "-" for letter in scenario)


def figure(picture: Picture, numbers: Html | None = None) -> Html:
    """Return a picture with its words and, folded away, the numbers behind it (the picture's own unless given)."""
    words = f"{picture.title}. {picture.alt}"
    image = el("img", src=svg_source(picture.svg), alt=words, loading="lazy", **size(picture))
    behind = numbers_of(picture) if numbers is None else numbers
    caption = el("figcaption", picture.caption)
    return join([el("figure", image, caption), folded("The numbers behind this figure", behind)])


def numbers_of(picture: Picture) -> Html:
    """Return the table behind a picture."""
    rows = [list(row) for row in picture.table.iter_rows()]
    return table(f"Numbers behind the figure: {picture.title}", picture.table.columns, rows)


def size(picture: Picture) -> dict[str, str]:
    """Return width and height of a picture, so that the page does not jump while it is drawn."""
    width, height = picture.figure.get_size_inches()
    return {"width": f"{96 * width:.0f}", "height": f"{96 * height:.0f}"}


def folded(words: str, *children: Html) -> Html:
    """Return something to unfold."""
    return el("details", el("summary", words), *children)
