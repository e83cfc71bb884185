"""Branches as text, read back with care."""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from pydantic import ValidationError

from dashboard.pages.decide.branches import History, Step, Tree
from dashboard.pages.decide.draft import Intent
from simulation import MODEL_VERSION
from simulation.scenario import Problem, ProblemError
from simulation.scenario.validation import problem_error

VERSION = "1"
LONGEST_TEXT, LONGEST_FILE, LONGEST_UNPACKED = 6_000, 200_000, 100_000
KIND = "decisions"
_PLAIN = -15
"""zlib's number for packing without a header of its own."""
_COMMON = (
    b'"organisation-0","election-window","open":false,"merger","into":"closure","organisation":"funder-exit"'
    b'"champion-leaves","kept":"practice_lost":"restructure","disruption":"trust_kept":"note":"kinds":["council",'
    b'"voluntary","health","budget-change","demand-shock","size":-0.2,"organisations":["sites":["sites":"choose",'
    b'"sites":"keep","open_talk":"never","open_talk":"adaptive","open_talk":"from-month","until":60,"events":[{"type":"'
    b'"prediction":{"shape":"drawn","points":[["flat","slow-rise","fast-rise","rise-and-fall","worse-first"'
    b'"shares":{"help":0.15,"convene":0.1,"prototype":0.45,"vision":0.35,"reflect":0.2,"rewire":0.25}}]}'
    b',{"name":"From month 24","parent":0,"month":24,"decisions":[{"month":24,"shares":{"help":0.'
    b'{"branches":[{},{"name":"'
)
"""What such texts are full of: it is packed as a hint of where it stands here. Another one needs another version."""


def to_text(tree: Tree) -> str:
    """Return all branches as a short text of letters, digits, "-", "_" and "."; "" where nothing is decided."""
    return "" if tree == Tree() else _packed(_content(tree))


def from_text(text: str) -> Tree:
    """Return the branches that a text holds. Raises ProblemError in words that can be shown."""
    if not text:
        return Tree()
    version = text.partition(".")[0]
    if version.isascii() and version.isdecimal() and version != VERSION:
        message = "The branches of this link were made with other pages than these, which can't read them."
        raise ProblemError([Problem(message)])
    return _tree(_unpacked(text))


def intent_to_text(intent: Intent) -> str:
    """Return what is set and not decided yet as such a text; "" where nothing is."""
    return "" if intent == Intent() else _packed(intent.model_dump(mode="json", exclude_defaults=True))


def intent_from_text(text: str) -> Intent:
    """Return what a text says is set and not decided yet. Raises ProblemError in words that can be shown."""
    if not text:
        return Intent()
    try:
        return Intent.model_validate_json(_unpacked(text), strict=True)
    except (ValueError, RecursionError):
        message = "What was set and not decided yet can't be read from this link: perhaps a part of it was cut off."
        raise ProblemError([Problem(message)]) from None


def to_json(tree: Tree) -> str:
    """Return all branches as the text of a JSON file, for people and programs to read."""
    head = {"system-behaviours": KIND, "v": int(VERSION), "model": MODEL_VERSION}
    return json.dumps({**head, **_content(tree)}, indent=2, ensure_ascii=False) + "\n"


def from_json(text: str) -> Tree:
    """Return the branches that a file holds. Raises ProblemError in words that can be shown."""
    message = "This is no file of decisions saved from these pages."
    try:
        data = json.loads(text) if len(text) <= LONGEST_FILE else None
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict) or data.get("system-behaviours") != KIND:
        raise ProblemError([Problem(message)])
    if data.get("v") != int(VERSION):
        raise ProblemError([Problem("This file was saved from other pages than these, which can't read it.")])
    return _tree(json.dumps({"branches": data.get("branches", [{}])}))


def _content(tree: Tree) -> dict[str, Any]:
    return tree.model_dump(mode="json", exclude_defaults=True)


def _tree(text: str) -> Tree:
    try:
        return Tree.model_validate_json(text, strict=True)
    except ValidationError as error:
        problems = problem_error(error, Tree, json.loads(text)).problems
        raise ProblemError([one for one in problems if one.path != ("branches",)] or problems) from None
    except (ValueError, RecursionError):
        raise _unreadable() from None


def _packed(data: dict[str, Any]) -> str:
    packer = zlib.compressobj(9, wbits=_PLAIN, zdict=_COMMON)
    content = json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode()
    packed = packer.compress(content) + packer.flush()
    return f"{VERSION}.{urlsafe_b64encode(_mark(content) + packed).decode().rstrip('=')}"


def _unpacked(text: str) -> str:
    version, _, rest = text.partition(".")
    if version != VERSION or len(text) > LONGEST_TEXT:
        raise _unreadable()
    try:
        data = urlsafe_b64decode(rest.encode("ascii") + b"=" * (-len(rest) % 4))
        unpacker = zlib.decompressobj(wbits=_PLAIN, zdict=_COMMON)
        content = unpacker.decompress(data[2:], LONGEST_UNPACKED)
        if not unpacker.eof or unpacker.unused_data or _mark(content) != data[:2]:
            raise _unreadable()
        decoded = content.decode()
        json.loads(decoded)
    except (ValueError, zlib.error, RecursionError) as error:
        raise error if isinstance(error, ProblemError) else _unreadable() from None
    return decoded


def _mark(content: bytes) -> bytes:
    return (zlib.crc32(content) & 0xFFFF).to_bytes(2, "big")


def _unreadable() -> ProblemError:
    message = "The branches in this link can't be read: perhaps a part of it was cut off. Ask for the whole link again."
    return ProblemError([Problem(message)])


# Write what can be undone and redone as a text for the visitor's own browser, and read it back with care.


HISTORY_VERSION = 1
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
    return json.dumps({"v": HISTORY_VERSION, **steps}, separators=(",", ":"), ensure_ascii=False)


def history_from_text(text: str) -> History | None:
    """Return the history that a text holds; None for one that is none, whatever is wrong with it."""
    try:
        data = json.loads(text)
        if data["v"] != HISTORY_VERSION:
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
