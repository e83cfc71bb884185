"""Write what can be undone and redone as a text for the visitor's own browser, and read it back with care."""

import json
from typing import Any

from dashboard.decisions.history import History, Step
from dashboard.decisions.text import from_text, to_text
from simulation.scenario import ProblemError

VERSION = 1
MOST_KEPT = 30
"""Steps each way that outlast a reload."""
LONGEST_WORDS = 1_000


def history_to_text(history: History) -> str:
    """Return a history as text, the steps nearest to now; "" where there is nothing to undo or redo."""
    if not history.past and not history.future:
        return ""
    steps = {
        "past": [_said(step) for step in history.past[-MOST_KEPT:]],
        "now": _said(history.now),
        "future": [_said(step) for step in history.future[-MOST_KEPT:]],
    }
    return json.dumps({"v": VERSION, **steps}, separators=(",", ":"), ensure_ascii=False)


def history_from_text(text: str) -> History | None:
    """Return the history that a text holds; None for one that is none, whatever is wrong with it."""
    try:
        data = json.loads(text)
        if data["v"] != VERSION:
            return None
        past, future = (tuple(_step(one) for one in data[which][-MOST_KEPT:]) for which in ("past", "future"))
        return History(_step(data["now"]), past, future)
    except (ProblemError, ValueError, TypeError, LookupError, RecursionError):
        return None


def _said(step: Step) -> list[str]:
    return [to_text(step.tree), step.words[:LONGEST_WORDS]]


def _step(data: Any) -> Step:
    tree, words = data
    if not isinstance(tree, str) or not isinstance(words, str):
        raise TypeError
    return Step(from_text(tree), words[:LONGEST_WORDS])
