"""Branches, what is set and not decided yet, and what can be undone, as text: for a link, a file, the browser."""

import json
from typing import Any

from pydantic import ValidationError

from dashboard.address import Packed
from dashboard.pages.decide.branches import History, Step, Tree
from dashboard.pages.decide.draft import Intent
from simulation import MODEL_VERSION
from simulation.scenario import Problem, ProblemError
from simulation.scenario.validation import problem_error

KIND, VERSION = "decisions", 1
LONGEST_FILE = 200_000
MOST_KEPT = 30
"""Steps each way that outlast a reload."""
LONGEST_WORDS = 1_000
_HINT = (
    b'"organisation-0","election-window","open":false,"merger","into":"closure","organisation":"funder-exit"'
    b'"champion-leaves","kept":"practice_lost":"restructure","disruption":"trust_kept":"note":"kinds":["council",'
    b'"voluntary","health","budget-change","demand-shock","size":-0.2,"organisations":["sites":["sites":"choose",'
    b'"sites":"keep","open_talk":"never","open_talk":"adaptive","open_talk":"from-month","until":60,"events":[{"type":"'
    b'"prediction":{"shape":"drawn","points":[["flat","slow-rise","fast-rise","rise-and-fall","worse-first"'
    b'"shares":{"help":0.15,"convene":0.1,"prototype":0.45,"vision":0.35,"reflect":0.2,"rewire":0.25}}]}'
    b',{"name":"From month 24","parent":0,"month":24,"decisions":[{"month":24,"shares":{"help":0.'
    b'{"branches":[{},{"name":"'
)


def _content(value: Tree | Intent) -> dict[str, Any]:
    return value.model_dump(mode="json", exclude_defaults=True)


def _tree(text: str) -> Tree:
    """Return the branches of a JSON text. Raises ProblemError with what can't be meant, ValueError for other texts."""
    try:
        return Tree.model_validate_json(text, strict=True)
    except ValidationError as error:
        problems = problem_error(error, Tree, json.loads(text)).problems
        raise ProblemError([one for one in problems if one.path != ("branches",)] or problems) from None


def _intent(text: str) -> Intent:
    return Intent.model_validate_json(text, strict=True)


BRANCHES = Packed("The branches", Tree(), _content, _tree, _HINT)
"""Branches in an address. Reading raises LinkError, or ProblemError in words that can be shown."""
INTENTS = Packed("What was set and not decided yet", Intent(), _content, _intent, _HINT)
"""What is set and not decided yet, in an address."""


def to_json(tree: Tree) -> str:
    """Return all branches as the text of a JSON file, for people and programs to read."""
    head = {"system-behaviours": KIND, "v": VERSION, "model": MODEL_VERSION}
    return json.dumps({**head, **_content(tree)}, indent=2, ensure_ascii=False) + "\n"


def from_json(text: str) -> Tree:
    """Return the branches that a file holds. Raises ProblemError in words that can be shown."""
    try:
        data = json.loads(text) if len(text) <= LONGEST_FILE else None
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict) or data.get("system-behaviours") != KIND:
        raise ProblemError([Problem("This is no file of decisions saved from these pages.")])
    if data.get("v") != VERSION:
        raise ProblemError([Problem("This file was saved from other pages than these, which can't read it.")])
    return _tree(json.dumps({"branches": data.get("branches", [{}])}))


def history_to_text(history: History) -> str:
    """Return what can be undone and redone as text, the steps nearest to now; "" where there is nothing."""
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
    except (ValueError, TypeError, LookupError, RecursionError):
        return None


def _said(step: Step) -> list[str]:
    return [BRANCHES.to_text(step.tree), step.words[:LONGEST_WORDS]]


def _step(data: Any) -> Step:
    tree, words = data
    if not isinstance(tree, str) or not isinstance(words, str):
        raise TypeError
    return Step(BRANCHES.from_text(tree), words[:LONGEST_WORDS])
