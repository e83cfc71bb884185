"""Show a table of words and numbers as one piece, quick to redraw; its rows can be buttons."""

import json
from collections.abc import Callable, Sequence

import solara


@solara.component_vue("table.vue", vuetify=False)
def _Table(title: str, content: str, captioned: bool, event_chosen: Callable[[str], None]) -> None:
    pass


def Table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, words: Sequence[int] = (),
    ids: Sequence[str] = (), on_choose: Callable[[str], None] | None = None, captioned: bool = False,
) -> solara.Element:  # fmt: skip
    """Return a table, its first column the rows' names, the columns numbered in `words` set as text.

    With `ids`, one a row, the names are buttons and `on_choose` hears the id. `captioned` shows the title, too.
    """
    content = {"columns": [*columns], "rows": [[*row] for row in rows], "ids": [*ids], "words": [*words]}
    return _Table(
        title=title, content=json.dumps(content, ensure_ascii=False), captioned=captioned,
        event_chosen=lambda given: on_choose(given) if on_choose and given in ids else None,
    )  # fmt: skip
