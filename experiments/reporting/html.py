"""One self-contained page by Jinja: pages' words stand in `templates/`, and text from files is always escaped."""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from experiments.comparison import Subject, described, title
from experiments.manifest import informed_numbers
from experiments.reporting.figures.sheet import Picture
from experiments.reporting.numbers import capital, joined, spelled
from experiments.reporting.phrases import CAVEAT, say
from simulation.outcomes import number, shown, shown_in
from simulation.vocabulary import KINDS

TEMPLATES = Path(__file__).parent / "templates"
EXPLAINED = ("practice", *shown_in("report"))
"""Outcomes whose words every report explains."""
KIND_TITLES = {kind.id: kind.title for kind in KINDS}


class Cell(NamedTuple):
    """A cell of a table: its text, and what stands smaller below it. `tag` and `small_tag` are elements around each.

    `href` makes a link of the text.
    """

    text: str
    small: str = ""
    tag: str = ""
    small_tag: str = ""
    href: str = ""


Row = Sequence[Cell | str | Sequence[str]]
"""A row of a table: its head, then its cells; a sequence of texts is a list inside a cell."""


def render(template: str, *, version: str, **values: Any) -> str:
    """Return a page: a template of `templates/` filled with values. Raises UndefinedError where it lacks one."""
    return environment().get_template(template).render(version=version, caveat=CAVEAT, **values)


@cache
def environment() -> Environment:
    """Return what fills templates: text is escaped, and a value that is lacking is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    made.filters |= {
        "as_wide_as": _as_wide_as,
        "source": svg_source,
        "size": _size,
        "joined": joined,
        "capital": capital,
    }
    made.globals["say"] = say
    made.tests["text"] = lambda value: isinstance(value, str)
    made.tests["cell"] = lambda value: isinstance(value, Cell)
    return made


def _as_wide_as(rows: Iterable[Row], head: Sequence[str]) -> list[Row]:
    """Return a table's rows. Raises ValueError where one has not as many cells as the head."""
    held = list(rows)
    if any(len(row) != len(head) for row in held):
        msg = f"a row has other than {len(head)} cells: {', '.join(head)}"
        raise ValueError(msg)
    return held


def svg_source(svg: str) -> Markup:
    """Return an SVG document as a data address that needs no network."""
    compact = " ".join(svg[svg.index("<svg") :].split()).replace('"', "'")
    for letter, code in (("%", "%25"), ("#", "%23"), ("<", "%3C"), (">", "%3E"), ("&", "%26")):
        compact = compact.replace(letter, code)
    return Markup(f"data:image/svg+xml,{compact}")


def _size(picture: Picture) -> tuple[str, str]:
    """Return width and height of a picture, so that the page does not jump while it is drawn."""
    width, height = picture.figure.get_size_inches()
    return f"{96 * width:.0f}", f"{96 * height:.0f}"


def anchor(name: str) -> str:
    """Return the address of a section inside the page."""
    return "".join(letter if letter.isalnum() else "-" for letter in name)


def facts(manifest: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return what a manifest says of version, seeds, platform and libraries; what it does not say is left out."""
    seeds, libraries = manifest.get("seeds") or {}, manifest.get("libraries") or {}
    commit = manifest.get("commit")
    changed = " with changes that were not committed" if manifest.get("uncommitted_changes") else ""
    said = [
        ("Version", f"behaviours {manifest['version']}" if manifest.get("version") else None),
        ("Commit", f"{commit}{changed}" if commit else None),
        ("Seeds", f"{seeds['first']} to {seeds['last']}, the same for every route" if "first" in seeds else None),
        ("Replicates", manifest.get("replicates")),
        ("Replicates under pressures", manifest.get("replicates_under_pressures") or None),
        ("Replicates under structures", manifest.get("replicates_under_structures") or None),
        ("Platform fingerprint", manifest.get("fingerprint")),
        ("Platform", manifest.get("platform")),
        ("Python", manifest.get("python")),
        ("Libraries", ", ".join(f"{name} {version}" for name, version in libraries.items())),
        ("Written", manifest.get("written")),
    ]
    return [(name, value) for name, value in said if value not in (None, "", {})]


def command_line(manifest: Mapping[str, Any]) -> str:
    """Return the command that a manifest says, as it is typed; nothing where it says none."""
    command = manifest.get("command") or ""
    return command if isinstance(command, str) else shlex.join(map(str, command))


# What the reports of a comparison, a map and a fit say alike of what they are about.


def subject_values(subject: Subject, *, structures: int = 0) -> dict[str, Any]:
    """Return what a report says of its subject: assumptions, limits and origin. `structures` were tried beside."""
    informed, numbers = informed_numbers()
    scenarios = [described(subject, "scenarios", scenario) for scenario in subject.scenarios]
    titles = [title(subject, scenario) for scenario in subject.scenarios]
    about = list(zip(titles, scenarios, strict=True))
    return {
        "places": joined(titles),
        "structures": structures,
        "informed": informed,
        "informed_words": spelled(informed),
        "numbers": numbers,
        "changed": [_changed(item, name) for name, held in about for item in held.get("changed") or []],
        "rules": [f"{name}: {', '.join(said)}" for name, held in about if (said := _rules(held))],
        "budgets": _budgets(about),
        "pressures": [
            (name, held["pressure"]) for name, held in about if (held.get("pressure") or {}).get("sources")
        ],
        "sources": [(name, place.get("days_reason"), _sourced(place["facts"])) for name, held in about
                    if (place := held.get("place") or {}).get("facts")],
        "words": [(shown(name).title, f"{shown(name).meaning}.".capitalize()) for name in EXPLAINED],
        "facts": facts(subject.manifest),
        "hashes": [
            (title(subject, name), kind, Cell(described(subject, f"{kind}s", name)["hash"][:16], tag="code"))
            for kind, names in (("scenario", subject.scenarios), ("route", subject.routes))
            for name in names
            if described(subject, f"{kind}s", name).get("hash")
        ],
        "command": command_line(subject.manifest),
    }  # fmt: skip


def _changed(item: Mapping[str, Any], place: str) -> Row:
    """Return the row of a number that is not the default."""
    outside = "" if item.get("plausible", True) else " (outside the plausible range)"
    return [
        Cell(item["name"], item["meaning"], tag="code"), place, f"{item['default']:g}", f"{item['value']:g}{outside}",
        item["unit"], item.get("changed_in", ""), item["basis"],
    ]  # fmt: skip


def _sourced(facts: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return the rows of what a place's file states as fact."""
    return [[one["quantity"], one["value"], one["source"], "yes" if one.get("used") else "no"] for one in facts]


def _rules(about: Mapping[str, Any]) -> list[str]:
    """Return a scenario's structural choices and switches that are not the default."""
    said = [f"{name} = {value}" for name, value in (about.get("structure") or {}).items()]
    said += [f"without {switch}" for switch in about.get("without") or []]
    return [*said, "the lean profile"] if about.get("profile") == "lean" else said


def _budgets(about: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Row]:
    """Return the budget paths by kind of organisation, one row for all scenarios that share a path."""
    paths: dict[tuple[str, str], list[str]] = {}
    for place, held in about:
        budget = held.get("budget")
        for kind, rates in {**budget["rates"], "": budget["default"]}.items() if budget else ():
            words = KIND_TITLES.get(kind, "All other kinds")
            paths.setdefault((words, _path(rates)), []).append(place)
    return [[kind, rates, joined(places)] for (kind, rates), places in paths.items()]


def _path(rates: Sequence[float]) -> str:
    """Return a path of rates in words: "-4.7%, -4.7%, -4.7%, then 0.0%"."""
    words = [f"{number(100 * rate, 1, signed=True)}%" for rate in rates]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])}, then {words[-1]}"
