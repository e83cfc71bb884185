"""Show at once what the changes do: a strip that stays in sight, what was changed, and both lines."""

import json
from collections.abc import Callable
from typing import Any

import solara

from dashboard.assuming.changes import changes_of, put_back, usual
from dashboard.assuming.effect import Effect, drawing_of, effect_of, long_words, short_words
from dashboard.components import About, Box, Chart, Section, Text
from dashboard.pages.place import titles
from dashboard.place.luck import spread_of
from dashboard.runs import chosen, run
from dashboard.session import Session
from dashboard.source import source_of

ABOUT = About(
    what="Practice averaged over all organisations and behaviours: as the scenario says, and with what you changed.",
    unit="0 (not at all) to 10 (wholly)",
    why="It shows what hangs on a number that nobody has measured.",
    basis="Computed by the model. Both lines meet the same luck. A band holds nine in ten of twenty runs.",
    notice="Does the gap outgrow the bands? A small gap on one seed may be luck: read the interval.",
)


@solara.component_vue("strip.vue", vuetify=False)
def _Strip(words: str, usual: list[float], changed: list[float]) -> None:
    pass


@solara.component_vue("changed.vue", vuetify=False)
def _Changed(content: str, event_put_back: Callable[[Any], None]) -> None:
    pass


def effect_in(session: Session) -> Effect:
    """Return what the changes do; runs with other luck only once a slider is let go."""
    settings, places = session.settings, session.visitor.places
    plain, now = chosen(usual(settings), places).scenario, session.chosen.scenario
    base = run(plain, settings.seed)
    if usual(settings) == settings:
        return effect_of(base, None, spread_of(plain), None)
    moving = session.visitor.draft is not None
    return effect_of(base, session.run(), spread_of(plain), None if moving else spread_of(now))


def Strip(effect: Effect) -> solara.Element:
    """Return the strip that stays in sight while numbers are moved."""
    changed = [] if effect.changed is None else [round(10 * value, 3) for value in effect.changed.tolist()]
    usual_line = [round(10 * value, 3) for value in effect.usual.tolist()]
    return Box(_Strip(words=short_words(effect), usual=usual_line, changed=changed), kind="b-month")


def Changed(session: Session) -> solara.Element:
    """Return the list of what was changed."""
    settings = session.settings
    found = changes_of(settings, titles("pressures"), session.visitor.places)

    def back(key: Any) -> None:
        session.commit_settings(put_back(settings, key) if key else usual(settings))

    content = json.dumps([change._asdict() for change in found], ensure_ascii=False)
    return Section("What you changed", _Changed(content=content, event_put_back=back))


def WhatItDoes(session: Session, effect: Effect) -> solara.Element:
    """Return both lines with what can be said of them."""
    seeds = effect.usual_spread.seeds
    runs = f"lines: one run each, seed {session.settings.seed}; bands: seeds {seeds[0]} to {seeds[-1]}"
    source = source_of(session.settings, session.chosen.scenario, runs=runs)
    return Section("What the changes do", Text(long_words(effect)), Chart(drawing_of(effect, source), about=ABOUT))
