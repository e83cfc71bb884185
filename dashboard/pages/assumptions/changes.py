"""What differs, put back."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from dashboard.address import DEFAULTS, Settings, short
from dashboard.pages.assumptions.bands import BEYOND, word_of
from dashboard.runs import chosen
from simulation.parameters import BY_NAME, PARAMETERS, Parameter
from simulation.scenario import PlaceFile, Scenario


class Rule(NamedTuple):
    """A structural choice: its key in the settings, what it decides, its options with their titles."""

    name: str
    title: str
    decides: str
    options: dict[str, str]
    notice: str = ""


RULES = (
    Rule(
        "influence", "How an example moves others", "How an organisation answers to how far its neighbours have come.",
        {"hill": "Steep curve", "threshold": "All or nothing at a threshold", "linear": "In proportion",
         "degroot": "Averaging with neighbours"},
        "Under averaging, nothing that the partner leads moves practice.",
    ),
    Rule(
        "speed_limit", "What limits the speed of change", "Which relationships set how fast a place can move.",
        {"split": "Peers by trust, partner by maturity", "maturity": "Maturity limits both",
         "local": "Neighbours’ trust limits both"},
        "Maturity is trust among organisations and trust in the partner together.",
    ),
    Rule(
        "convening", "Where convening goes", "Who meets when the partner brings people together.",
        {"sites": "Sites, and the place as a whole", "neighbours": "Also who is tied to a site",
         "assembly": "Partly whole-place assemblies"},
    ),
    Rule(
        "update", "Order of change", "Whether all organisations change at once in a month.",
        {"synchronous": "All at once", "asynchronous": "One after another, in a random order"},
    ),
    Rule(
        "noise", "Ups and downs of demand", "How demand wavers from month to month.",
        {"normal": "Normal", "heavy-tailed": "Heavier tails: rare large shocks", "none": "None"},
    ),
    Rule(
        "rationing", "Need turned away", "Whether organisations turn need away under lasting pressure.",
        {"off": "No", "on": "Yes, and part of it comes back as crisis"},
        "The numbers under Rationing count only where this is on.",
    ),
    Rule(
        "burn_in", "The year before the partner comes", "Whether everything moves in the months before month 0.",
        {"": "As the place says", "free": "Everything moves", "held": "What a person gave is held"},
        "A place from a file is held, so that its own numbers stand at month 0; a generated one is free.",
    ),
)  # fmt: skip
PROFILES = {"full": "Full model", "lean": "Lean model: eight terms off"}
BY_RULE = {rule.name: rule for rule in RULES}


OTHERS = ("pressure", "profile")
"""What this page changes besides numbers and rules."""
Places = Mapping[str, PlaceFile] | None


class Change(NamedTuple):
    """One thing that was changed: `key` is a parameter's or setting's name."""

    key: str
    title: str
    old: str
    new: str
    unit: str = ""
    note: str = ""
    """Where the new value lies."""


def usual(settings: Settings) -> Settings:
    """Return the settings with every assumption as the scenario says; scenario, place, route and luck stay."""
    return settings.changed(parameters=(), **{name: DEFAULTS[name] for name in (*BY_RULE, *OTHERS)})


def own_numbers(settings: Settings, places: Places = None) -> Scenario:
    """Return the scenario without numbers set by hand: where each number goes when it is put back."""
    return chosen(settings.changed(parameters=()), places).scenario


def set_number(settings: Settings, name: str, value: float, own: Any) -> Settings:
    """Return the settings with a number set by hand, or without it where it is what `own` numbers say anyway."""
    return settings.with_parameter(name, None if value == getattr(own, name) else value)


def put_back(settings: Settings, key: str) -> Settings:
    """Return the settings with one change put back; an unknown key changes nothing."""
    if key in BY_NAME:
        return settings.with_parameter(key, None)
    return settings.changed(**{key: DEFAULTS[key]}) if key in (*BY_RULE, *OTHERS) else settings


def changes_of(settings: Settings, titles: Mapping[str, str], places: Places = None) -> list[Change]:
    """Return what was changed, other choices first, then numbers in the table's order; `titles` are the pressures'."""
    plain = chosen(usual(settings), places).scenario
    return [*_others(settings, plain, titles), *_rules(settings), *_numbers(settings, places)]


def _others(settings: Settings, plain: Scenario, titles: Mapping[str, str]) -> list[Change]:
    found = []
    if settings.pressure and settings.pressure != plain.pressure.name:
        old = plain.pressure.title or titles.get(plain.pressure.name, plain.pressure.name)
        found.append(Change("pressure", "Pressure on the place", old, titles.get(settings.pressure, settings.pressure)))
    if settings.profile != DEFAULTS["profile"]:
        found.append(Change("profile", "Size of the model", PROFILES["full"], PROFILES[settings.profile]))
    return found


def _rules(settings: Settings) -> list[Change]:
    return [
        Change(rule.name, rule.title, rule.options[DEFAULTS[rule.name]], rule.options[getattr(settings, rule.name)])
        for rule in RULES
        if getattr(settings, rule.name) != DEFAULTS[rule.name]
    ]


def _numbers(settings: Settings, places: Places) -> list[Change]:
    own, given = own_numbers(settings, places).numbers, dict(settings.parameters)
    return [
        Change(
            p.name, title_of(p), short(getattr(own, p.name)), short(given[p.name]), after(p), _note(p, given[p.name])
        )
        for p in PARAMETERS
        if p.name in given
    ]


def title_of(parameter: Parameter) -> str:
    """Return a parameter's name for people."""
    return parameter.name.replace("_", " ").capitalize()


def after(parameter: Parameter) -> str:
    """Return a parameter's unit as it reads after a number.

    >>> after(BY_NAME["trust_gain"]), after(BY_NAME["initial_trust"]), after(BY_NAME["prototype_effect"])
    ('a month', 'of 1', '(drive)')
    """
    unit = parameter.unit
    if unit == "0-1":
        return "of 1"
    return unit if unit.startswith(("a ", "days", "months", "times")) else f"({unit})"


def _note(parameter: Parameter, value: float) -> str:
    word = word_of(parameter, value)
    if not word:
        return "no plausible range is known"
    return f"{word}: {short(parameter.low or 0)} to {short(parameter.high or 0)}" if word == BEYOND else word
