"""The report: one page that needs nothing else, can be read by everyone, and holds the comparison's own numbers."""

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from experiments.compare import compare
from experiments.comparison import Comparison, contrast, level
from experiments.manifest import changed_numbers, informed_numbers
from experiments.reporting.claims import share_sentence
from experiments.reporting.comparison import report_page, sourced_cuts, write_report
from experiments.reporting.figures.comparison import draw_figures
from experiments.reporting.html import Cell, environment
from experiments.reporting.phrases import CAVEAT, places_sentence, short_sentence
from experiments.reporting.tables import difference_rows
from simulation.outcomes import difference, interval
from simulation.outcomes import level as level_words
from simulation.scenario import load_scenario
from tests.experiments.comparisons import (
    FIRST_SEED,
    PAIR,
    small,
    small_pictures,
    two_places,
    undecided,
    undecided_pictures,
)
from tests.experiments.reporting.test_phrases import WINNING

VOID = {"img", "br", "hr", "meta"}


@dataclass
class Page(HTMLParser):
    """What a page holds: tags with their attributes, text by tag, tables cell by cell."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    open_tags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open_tags.append(tag)
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open_tags.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        if self.open_tags:
            self.texts.append((self.open_tags[-1], data))
        if {"td", "th"} & set(self.open_tags):
            self.tables[-1][-1][-1] += f" {data}" if self.tables[-1][-1][-1] else data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def parsed(text: str) -> Page:
    page = Page()
    page.feed(text)
    assert page.open_tags == []
    return page


def section(page: str, where: str) -> str:
    """Return a page's section, from its heading to the next."""
    return page.split(f'<h2 id="{where}">')[1].split("</h2>", 1)[1].split("<h2")[0]


@lru_cache(maxsize=1)
def text() -> str:
    return report_page(small(), small_pictures())


@lru_cache(maxsize=1)
def page() -> Page:
    return parsed(text())


def words() -> str:
    return " ".join(data for tag, data in page().texts if tag != "style")


def row(label: str, *, column: str) -> list[str]:
    """Return the cells of the first table row whose head begins so, in a table with that column."""
    for cells in page().tables:
        if column in cells[0]:
            for line in cells[1:]:
                if line[0].startswith(label):
                    return line
    raise AssertionError(f"no row {label}")


def test_it_is_one_file_that_needs_no_network_and_no_script(tmp_path: Path) -> None:
    path = write_report(small(), tmp_path, pictures=small_pictures())
    assert path == tmp_path / "report.html"
    assert path.read_text(encoding="utf-8") == text()
    assert {tag for tag, _ in page().tags} & {"script", "link", "iframe", "object", "embed", "base", "form"} == set()
    for _, attributes in page().tags:
        assert (attributes.get("src") or "data:").startswith("data:")
        assert (attributes.get("href") or "#").startswith("#")
        assert not any(name.startswith("on") for name in attributes)
    style = next(data for tag, data in page().texts if tag == "style")
    assert "url(" not in style
    assert "@import" not in style


def test_links_inside_the_page_lead_somewhere() -> None:
    ids = [attributes["id"] for _, attributes in page().tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {(attributes["href"] or "")[1:] for attributes in page().of("a")} <= set(ids)


def test_headings_are_in_order_under_one_title() -> None:
    levels = [int(tag[1]) for tag, _ in page().tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_page_tells_its_language_and_fits_a_phone() -> None:
    assert page().of("html")[0]["lang"] == "en-GB"
    assert any(
        tag.get("name") == "viewport" and "width=device-width" in str(tag["content"]) for tag in page().of("meta")
    )


def test_every_picture_has_words_and_is_there_whole() -> None:
    images = page().of("img")
    assert len(images) == len(small_pictures()) == 6
    for image, picture in zip(images, small_pictures(), strict=True):
        assert image["alt"] == f"{picture.title}. {picture.alt}"
        assert str(image["src"]).startswith("data:image/svg+xml,%3Csvg")
        assert image["width"]
        assert image["height"]


def test_every_table_has_a_caption_and_heads_with_scope() -> None:
    tables = page().of("table")
    assert len(tables) == len(page().of("caption")) > len(small_pictures())
    assert all(head["scope"] in ("col", "row") for head in page().of("th"))
    for cells in page().tables:
        assert len(cells) > 1
        assert {len(line) for line in cells} == {len(cells[0])}


def test_a_cell_is_labelled_by_its_column_where_the_head_is_hidden_on_a_phone() -> None:
    assert all(cell["data-label"] for cell in page().of("td"))


def test_colours_have_contrast_enough_for_small_type() -> None:
    style = next(data for tag, data in page().texts if tag == "style")
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6})", style))

    def luminance(colour: str) -> float:
        digits = colour[1:] if len(colour) == 7 else "".join(letter * 2 for letter in colour[1:])
        parts = [part / 255 for part in bytes.fromhex(digits)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for ink in ("ink", "soft", "mark"):
        for ground in ("paper", "shade"):
            assert (luminance(colours[ground]) + 0.05) / (luminance(colours[ink]) + 0.05) >= 4.5


@pytest.mark.parametrize(
    ("label", "outcome"),
    [
        ("Practice at month 120", "practice"), ("Practice at month 24", "practice_24"), ("Perspective", "perspective"),
        ("Reach", "reach"), ("Trust", "trust"), ("Pressure", "pressure"), ("Failure demand", "failure_demand_share"),
        ("Infrastructure", "infrastructure"), ("Months to take-off", "take_off"),
        ("Change in the two years", "kept_after_exit"),
        ("9. Feedback", "practice_collective_learning"),
    ],
)  # fmt: skip
def test_levels_in_the_report_are_those_of_the_comparison(label: str, outcome: str) -> None:
    column = "Behaviour" if label[0].isdigit() else "Measure"
    cells = row(label, column=column)
    heads = next(cells[0] for cells in page().tables if cells[0][0] == column and "Blended" in cells[0])
    for head, cell in zip(heads[1:], cells[1:], strict=True):
        route = next(name for name in small().routes if small().titles[name] == head)
        found = level(small(), "generated", route, outcome)
        if found is None or found.replicates == 0:
            assert cell == "not measured"
            continue
        assert cell.startswith(f"{level_words(outcome, found.median)} ")
        if outcome == "practice":
            low, high = (float(part) for part in cell.split(" ", 1)[1].split(" to "))
            assert (low, high) == pytest.approx((10 * found.low, 10 * found.high), abs=0.0501)


def test_differences_in_the_report_are_those_of_the_comparison() -> None:
    for label, outcome, month in (("Practice at month 120", "practice", 120), ("Practice at month 24", "practice", 24),
                                  ("Trust", "trust", 120)):  # fmt: skip
        found = contrast(small(), "generated", *PAIR, outcome, month)
        assert found is not None
        cells = row(label, column="Mean difference")
        assert cells[1] == difference(outcome, found.difference)
        assert cells[2] == interval(outcome, found.low, found.high)
        assert cells[3] == f"{100 * found.ahead:.0f}%"


def test_the_share_of_runs_that_take_off_is_counted() -> None:
    cells = row("Runs that take off", column="Measure")
    heads = next(cells[0] for cells in page().tables if cells[0][0] == "Measure")
    for head, cell in zip(heads[1:], cells[1:], strict=True):
        route = next(name for name in small().routes if small().titles[name] == head)
        runs = small().runs.filter(pl.col("route") == route)["take_off"]
        assert cell == f"{100 * np.isfinite(runs.to_numpy()).mean():.0f}%"


def test_the_answer_comes_first_and_is_the_contrast_named_beforehand() -> None:
    found = contrast(small(), "generated", *PAIR)
    assert found is not None
    assert found.named_beforehand
    said = short_sentence(found, lambda route: route)
    headings_and_sentences = [data for tag, data in page().texts if tag in ("h2", "p")]
    assert headings_and_sentences.index(said) < headings_and_sentences.index("What was asked")


def test_what_the_report_must_not_leave_out() -> None:
    said = " ".join(words().split())
    informed, numbers = informed_numbers()
    assert informed == 7
    for must in (
        CAVEAT, "Nothing here is a verdict", f"the model’s {numbers} numbers", "about seven",
        share_sentence("prototype-led", "manifesto-led"), "the same in both directions", "was not designed",
        "chosen so that patterns",
        "What would have to be true", "half of every cut is met", "Platform fingerprint",
        "exploratory", "Named before any run",
    ):  # fmt: skip
        assert must in said, must


def test_where_it_comes_from_and_how_to_get_it_again() -> None:
    manifest = small().manifest | {"command": ["behaviours", "compare", "my place", "--replicates", "20"]}
    said = parsed(report_page(replace(small(), manifest=manifest), ()))
    facts = next(dict(cells) for cells in said.tables if cells[0] == ["What", "Value"])  # type: ignore[arg-type]
    assert facts["Version"] == f"behaviours {manifest['version']}"
    assert facts["Platform fingerprint"] == manifest["fingerprint"]
    assert facts["Seeds"].startswith(f"{FIRST_SEED} to {FIRST_SEED + 19}")
    assert ("code", "behaviours compare 'my place' --replicates 20") in said.texts
    hashes = next(cells for cells in said.tables if cells[0][-1] == "Hash")
    assert len(hashes) - 1 == 1 + len(small().routes)


def test_no_winner_is_named_where_nothing_is_decided() -> None:
    found = undecided()
    page = report_page(found, undecided_pictures())
    told = [section(page, "short"), str(difference_rows(found, "generated", PAIR)), section(page, "true")]
    told += [image["alt"] or "" for image in parsed(page).of("img")]
    assert not [part for part in told if WINNING.search(part)]
    assert "do not decide between prototype-led and manifesto-led at month 120" in told[0]


def test_two_places_are_told_one_by_one_and_together() -> None:
    found = two_places()
    page = report_page(found, ())
    heads = [data for tag, data in parsed(page).texts if tag == "h2"]
    assert heads[2:4] == ["Barking and Dagenham", "Gateshead"]
    contrasts = {place: contrast(found, place, *PAIR) for place in found.scenarios}
    together = places_sentence({place: item for place, item in contrasts.items() if item is not None})
    assert together
    assert next(data for tag, data in parsed(section(page, "short")).texts if tag == "p") == together


def test_a_comparison_without_the_pair_named_beforehand_is_exploratory_throughout() -> None:
    found = compare(["generated"], ["blended", "opportunistic"], replicates=2, first_seed=FIRST_SEED, months=12)
    said = " ".join(data for _, data in parsed(report_page(found, ())).texts)
    assert "No contrast was named beforehand" in said
    assert "Named before any run" not in said
    assert "2 paired runs rank nothing" in said


def test_one_run_of_one_route_makes_a_report_too() -> None:
    found = compare(["generated"], ["blended"], replicates=1, first_seed=FIRST_SEED, months=12)
    said = parsed(report_page(found, draw_figures(found)))
    assert "What one entry route does in Generated place" in [data for tag, data in said.texts if tag == "h1"]
    assert "Practice month by month" in [data for tag, data in said.texts if tag == "h3"]


def test_text_from_files_cannot_become_markup() -> None:
    titles = small().titles | {"blended": "<b>Blended</b> & more", "generated": "A <script>place</script>"}
    found: Comparison = replace(small(), titles=titles)
    said = parsed(report_page(found, ()))
    assert said.of("script") == []
    assert said.of("b") == []
    assert any("<b>Blended</b> & more" in data for _, data in said.texts)


def test_changed_numbers_are_listed_with_where_they_were_changed() -> None:
    scenario = load_scenario("gateshead").changed(settings={"trust_gain": 0.1}, without=("evidence",))
    found = {item["name"]: item for item in changed_numbers(scenario)}
    assert found["trust_gain"]["changed_in"] == "settings"
    assert found["evidence_on_threshold"]["changed_in"] == "without evidence"
    assert found["partner_days"]["changed_in"] == "the place"
    assert found["cut_absorbed"]["value"] == scenario.numbers.cut_absorbed
    assert "threshold" not in found


def test_the_assumptions_table_holds_every_changed_number() -> None:
    said = parsed(report_page(two_places(), ()))
    rows = next(cells for cells in said.tables if cells[0][0] == "Number")
    expected = sum(len(changed_numbers(load_scenario(name))) for name in two_places().scenarios)
    assert len(rows) - 1 == expected > 0


def test_cuts_taken_at_their_word_are_told_beside_the_default() -> None:
    said = sourced_cuts(small(), "generated")
    found = level(small(), "generated", "prototype-led", "practice")
    assert found is not None
    assert f"instead of {level_words('practice', found.median)}" in said
    assert sourced_cuts(two_places(), "gateshead") == ""


def flattened(comparison: Comparison, outcome: float, *, pressed: float) -> Comparison:
    """Return a comparison whose routes all end at a level, and at another under every other pressure."""
    practice = pl.col("outcome") == "practice"
    levels = comparison.levels.with_columns(pl.when(practice).then(outcome).otherwise("median").alias("median"))
    medians = [pl.lit(pressed).alias(name) for name in ("first_median", "second_median")]
    return replace(comparison, levels=levels, pressures=comparison.pressures.with_columns(medians))


def test_what_would_have_to_be_true_follows_the_levels() -> None:
    alive = section(report_page(flattened(small(), 0.3, pressed=0.3), ()), "true")
    assert "no route with a learning partner stays flat" in alive
    assert "must not be" not in alive
    fragile = section(report_page(flattened(small(), 0.3, pressed=0.05), ()), "true")
    assert "pressure must not be as under “Austerity goes on" in fragile
    flat = section(report_page(flattened(small(), 0.05, pressed=0.3), ()), "true")
    assert "every route stays flat" in flat
    assert "Of the pressures tried, practice rises under" in flat
    hopeless = section(report_page(flattened(small(), 0.05, pressed=0.05), ()), "true")
    assert "So do both main routes under every other pressure tried" in hopeless


def test_budget_paths_and_sources_of_a_place_are_told() -> None:
    said = parsed(report_page(two_places(), ()))
    budgets = next(cells for cells in said.tables if cells[0] == ["Kind", "Rate", "Place"])
    rates = {cells[0]: cells[1:] for cells in budgets[1:]}
    assert rates["Council"] == ["−4.7%, −4.7%, −4.7%, then 0.0%", "Barking and Dagenham and Gateshead"]
    facts = [cells for cells in said.tables if cells[0][0] == "Quantity"]
    assert [len(cells) - 1 for cells in facts] == [
        len(load_scenario(name).place.facts) for name in two_places().scenarios
    ]


def test_a_table_shows_text_as_text_and_refuses_a_row_of_another_width() -> None:
    parts = environment().get_template("parts.html").module
    rows = [["1 < 2", Cell("a & b", "<i>", tag="code", href='"')], ["three", ["one", "<b>"]]]
    page = parsed(str(parts.table('"A" caption', ["<p>", "&"], rows)))  # type: ignore[attr-defined]
    cells = [[" ".join(cell.split()) for cell in row] for row in page.tables[0]]
    assert cells == [["<p>", "&"], ["1 < 2", "a & b <i>"], ["three", "one <b>"]]
    assert page.of("td")[0] == {"role": "cell", "data-label": "&", "class": "n"}
    assert page.of("a") == [{"href": '#"'}]
    with pytest.raises(ValueError, match="2 cells"):
        parts.table("A caption", ["one", "two"], [["only one"]])  # type: ignore[attr-defined]
