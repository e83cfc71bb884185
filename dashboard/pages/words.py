"""Words: what the pages' words mean, in plain language, each with an address of its own."""

import json

import solara

from dashboard.word_groups import word_groups

PATH = "/words"
TITLE = "Words"
LEAD = "What the words on these pages mean, in plain language."


@solara.component_vue("../components/words.vue", vuetify=False)
def _Words(content: str) -> None:
    pass


@solara.component
def Page() -> solara.Element:
    """Show the word list."""
    groups = [
        {"anchor": group.anchor, "title": group.title, "entries": [entry._asdict() for entry in group.entries]}
        for group in word_groups()
    ]
    return _Words(content=json.dumps(groups, ensure_ascii=False))
