"""Comparisons under names."""

import json
from dataclasses import dataclass

import solara

from dashboard.address import DEFAULTS, LinkError, Packed, Settings, from_query, names_of
from dashboard.components import About, Box, Button, Message, Perhaps, Section, Table, Text, TextField
from dashboard.pages.compare.desk import Desk
from dashboard.pages.compare.question import asked, in_text, pair_of, route_title, routes_of
from dashboard.pages.compare.results import OUTCOMES, contrasts
from dashboard.runs import chosen
from experiments.reporting.numbers import joined
from experiments.reporting.phrases import verdict_words
from simulation.outcomes import difference, interval, shown

MOST, LONGEST_NAME = 6, 40
ELSEWHERE = names_of("page")
"""Settings that are no comparison's: what other pages keep in the address, and the named comparisons themselves."""


@dataclass(frozen=True)
class Named:
    """A comparison with a name, and the settings that bring it back."""

    name: str
    settings: Settings


def _rows(named: tuple[Named, ...]) -> list[list[str]]:
    return [[one.name, _bare(one.settings).to_query()] for one in named]


def _named(text: str) -> tuple[Named, ...]:
    rows = json.loads(text)
    return tuple(Named(str(name)[:LONGEST_NAME], _bare(from_query(str(query)).settings)) for name, query in rows[:MOST])


NAMED: Packed[tuple[Named, ...]] = Packed("The named comparisons", (), _rows, _named)
"""Named comparisons in an address. Reading raises LinkError."""


def with_named(named: tuple[Named, ...], name: str, settings: Settings) -> tuple[Named, ...]:
    """Return them with one more; one of the same name gives way."""
    one = Named(" ".join(name.split())[:LONGEST_NAME], _bare(settings))
    return (*(other for other in named if other.name != one.name), one)


def without_named(named: tuple[Named, ...], name: str) -> tuple[Named, ...]:
    """Return them without the one of a name."""
    return tuple(one for one in named if one.name != name)


def opened(one: Named, settings: Settings) -> Settings:
    """Return the settings of a named comparison, and of these what other pages keep in the address."""
    return one.settings.changed(**{name: getattr(settings, name) for name in ELSEWHERE})


def _bare(settings: Settings) -> Settings:
    """Return settings without what another page keeps in the address."""
    return settings.changed(**{name: DEFAULTS[name] for name in ELSEWHERE})


ABOUT_NAME = About(
    what="A name for the comparison above: its routes, seeds, settings, outcome and month.",
    why="Kept beside others, it shows what another pressure or another set of numbers changes.",
    notice=f"Names are in the address: a link brings them along, {MOST} at most.",
)
NOT_RUN = "not run here now: open it and compare"


@solara.component
def Naming(desk: Desk, *, is_there: bool) -> solara.Element:
    """Show the field for a name, and what has one."""
    told, named = _read(desk.settings.named)
    rows = solara.use_memo(
        lambda: [_row(desk, one) for one in named], [desk.settings.named, *desk.state_of(desk.asked)]
    )
    field = TextField(
        "Name this comparison", "", longest=LONGEST_NAME, about=ABOUT_NAME, disabled=not is_there or len(named) >= MOST,
        hint="Press Enter to keep it." if is_there else "Compare first.",
        on_choose=lambda name: _keep(desk, with_named(named, name, desk.settings)) if name.strip() else None, once=True,
    )  # fmt: skip
    table = [
        Table("Named comparisons", ["Name", "Difference", "95% interval", "Verdict", "Read", "What"], rows,
              words=(3, 4, 5), ids=[one.name for one in named], on_choose=lambda name: _open(desk, named, name)),
        Text("A name opens its comparison again.", kind="b-hint"),
        Box(*[Button(f"Remove “{one.name}”", lambda one=one: _keep(desk, without_named(named, one.name)))
              for one in named], tag="p", kind="b-buttons"),
    ] if named else [Text("None has a name yet.")]  # fmt: skip
    return Section("Named comparisons", Perhaps(*([Message(told, kind="wrong")] if told else [])), field, *table)


def _read(text: str) -> tuple[str, tuple[Named, ...]]:
    try:
        return "", NAMED.from_text(text)
    except LinkError as error:
        return str(error), ()


def _keep(desk: Desk, named: tuple[Named, ...]) -> None:
    desk.session.commit(named=NAMED.to_text(named))


def _open(desk: Desk, named: tuple[Named, ...], name: str) -> None:
    one = next(one for one in named if one.name == name)
    desk.session.commit_settings(opened(one, desk.settings))


def _row(desk: Desk, one: Named) -> list[str]:
    """Return one comparison's cells; its numbers where its runs are kept."""
    settings: Settings = one.settings
    scenario = chosen(settings, desk.session.visitor.places).scenario
    routes, pair = routes_of(settings), pair_of(settings)
    what = f"{scenario.title or scenario.name}; {scenario.pressure.title or 'own pressure'}; {settings.paired} seeds; "
    what += joined([in_text(route) for route in routes])
    if settings.parameters:
        what += f"; {len(settings.parameters)} set by hand"
    outcome = settings.outcome if settings.outcome in OUTCOMES else OUTCOMES[0]
    month = scenario.months if settings.month < 0 else min(settings.month, scenario.months)
    if pair is None:
        return [one.name, "", "", NOT_RUN, "", what]
    read = f"{shown(outcome).title}, month {month}: {route_title(pair[0])} minus {in_text(pair[1])}"
    found = desk.found(asked(settings, scenario))
    if found is None:
        return [one.name, "", "", NOT_RUN, read, what]
    (row,) = contrasts(found, [pair], outcome, month)
    return [one.name, difference(outcome, row.difference), interval(outcome, row.low, row.high),
            verdict_words(row, in_text), read, what]  # fmt: skip
