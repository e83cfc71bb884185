"""What the place's file says."""

from dataclasses import dataclass

import solara

from dashboard.address import ready
from dashboard.components import Box, Fold, Section, Table, Text
from dashboard.session import use_session
from experiments.reporting.numbers import capital
from simulation.outcomes import MINUS, number
from simulation.parameters import BY_NAME
from simulation.scenario import Scenario
from simulation.vocabulary import KINDS

KIND_TITLES = {kind.id: kind.title for kind in KINDS}
READY = "Organisations, their sizes and who works with whom are assumed: no row stands for a named body."
RULES = "Organisations and relationships come from rules: nobody here is real."


@dataclass(frozen=True)
class Notes:
    """What a place's file says, in words."""

    about: tuple[str, ...]
    assumed: tuple[str, ...]
    numbers: tuple[tuple[str, str, str], ...]
    """Name, what it is set to, what it is usually."""
    facts: tuple[tuple[str, str, str, str], ...]
    """Quantity, value, source, whether the model uses it."""


def notes_of(scenario: Scenario) -> Notes:
    """Return what the place of a scenario says of itself."""
    place = scenario.place
    about = tuple(" ".join(text.split()) for text in (place.description, place.need) if text.strip())
    numbers = tuple(
        (capital(BY_NAME[name].meaning), _plain(value), _plain(BY_NAME[name].default))
        for name, value in sorted(place.parameters.items())
    )
    facts = tuple(
        (capital(fact.quantity), fact.value, fact.source or "assumed", "yes" if fact.used else "no")
        for fact in place.facts
    )
    return Notes(about, tuple(_assumed(scenario)), numbers, facts)


def _assumed(scenario: Scenario) -> list[str]:
    place = scenario.place
    found = [RULES if place.generated is not None else READY if place.name in ready("places") else ""]
    if place.days is not None:
        reason = f": {place.days_reason}" if place.days_reason else ""
        found.append(f"The learning partner’s days a month, {_plain(place.days)}{reason}.")
    found += [_start(scenario), _trust(scenario), _budget(scenario)]
    return [text for text in found if text]


def _start(scenario: Scenario) -> str:
    place = scenario.place
    low, high = (place.practice_low, place.practice_high)
    if place.generated is not None:
        low, high = place.generated.practice_low, place.generated.practice_high
    given = sum(organisation.practice is not None for organisation in place.organisations)
    drawn = f"drawn by luck between {number(10 * low, 1)} and {number(10 * high, 1)} of 10, afresh on each seed"
    if not given:
        return f"Where practice starts is {drawn}: no survey of it was found."
    if given == len(place.organisations):
        return "Where practice starts is given for every organisation."
    return f"Where practice starts is given for {given} organisations; for the others it is {drawn}."


def _trust(scenario: Scenario) -> str:
    given = sum(tie.trust is not None for tie in scenario.place.relationships)
    ties = len(scenario.place.relationships)
    if not ties:
        return ""
    return f"Trust at the start is given for {given} of {ties} relationships; elsewhere it follows from assumptions."


def _budget(scenario: Scenario) -> str:
    """Say which yearly changes of budget are in force in the first programme year."""
    budget = scenario.budget
    if budget is None:
        return ""
    kinds = dict.fromkeys(kind for kind in budget.rates if budget.yearly(kind, 0))
    rates = [f"{KIND_TITLES[kind].lower()} {_percent(budget.yearly(kind, 0))}" for kind in kinds]
    said = f" In the first programme year: {', '.join(rates)}." if rates else ""
    return f"Budgets follow a path by kind of organisation.{said}"


def _percent(rate: float) -> str:
    return f"{number(100 * rate, 1, signed=True)}%"


def _plain(value: float) -> str:
    return f"{value:g}".replace("-", MINUS)


@solara.component
def NotesOfPlace() -> solara.Element:
    """Show the notes of the place that is looked at; they do not change with the month."""
    place = use_session().chosen.scenario
    notes = solara.use_memo(lambda: notes_of(place), [place.place.name, place.place.title, place.name])
    facts = [Table("Facts of the place", ("What", "Value", "Source", "Used"), notes.facts, words=(1, 2))]
    numbers = [Table("Numbers of the place", ("What", "Here", "Usually"), notes.numbers)]
    return Box(
        Section(
            "What this place’s file says",
            *(Text(text) for text in notes.about),
            Box("Assumed", tag="h3"),
            Box(*(Box(text, tag="li") for text in notes.assumed), tag="ul", kind="b-list"),
            *([Fold(f"Facts with their sources: {len(notes.facts)}", *facts)] if notes.facts else []),
            *([Fold(f"Numbers set in the file: {len(notes.numbers)}", *numbers)] if notes.numbers else []),
        ),
        kind="b-aside",
    )
