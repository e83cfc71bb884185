"""Write all that a page shows as the text of a JSON file, and read one back: any text gives settings or words.

A file holds what an address holds, and which page it was. It is read as text alone: nothing in it is opened or run.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeGuard

from dashboard.address import HISTORY, KINDS, LONGEST, SCHEMA, History, Settings, from_pairs, to_pairs
from simulation import MODEL_VERSION
from simulation.parameters import BY_NAME

MARK = "system-behaviours"
WHAT = "settings"
MOST_BYTES = 64 * 1024
MOST_SETTINGS = 500
FILE = "system-behaviours-settings.json"
TYPE = "application/json"
UNCHANGED = "Nothing was changed."


@dataclass(frozen=True)
class Loaded:
    """What a file said: settings and page, or None and why not; notes are sentences for people."""

    settings: Settings | None
    path: str = ""
    """The page it was saved from; "" where that is not told."""
    notes: tuple[str, ...] = ()


def saved(settings: Settings, path: str = "") -> str:
    """Return settings and page as the text of a file; only what differs from the default is in it."""
    content: dict[str, Any] = {MARK: WHAT, "schema": SCHEMA, "model": MODEL_VERSION}
    content |= {"page": path} if path else {}
    content["settings"] = {name: _plain(name, text) for name, text in to_pairs(settings)}
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def loaded(text: str, paths: Collection[str] = (), *, history: History = HISTORY) -> Loaded:
    """Return what the text of a file says; `paths` are the pages there are.

    Where it is no file of settings, or of newer pages, nothing of it is taken. A setting that can't be used is left out
    or set to the nearest that can, and said.
    """
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        return _refused(f"The file is larger than {MOST_BYTES // 1024} kB, which no file of settings is.")
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"it can’t be read on from line {error.lineno}, character {error.colno}"
        return _refused("There is no text." if not text.strip() else f"This is no JSON: {where}.")
    except (ValueError, RecursionError):
        return _refused("This is no JSON that can be read here: it nests too deeply or has too long a number.")
    return _from_content(content, paths, history)


def _from_content(content: Any, paths: Collection[str], history: History) -> Loaded:
    if not isinstance(content, dict) or content.get(MARK) != WHAT or not isinstance(content.get("settings"), dict):
        return _refused("This is JSON, but no file of settings saved from these pages.")
    schema, model, given = content.get("schema"), content.get("model"), content["settings"]
    if not _is_version(schema):
        return _refused("The file does not say which version of settings it holds (“schema”, a number from 1).")
    if schema > history.schema:
        return _refused(
            f"The file was saved by newer pages: it holds settings of version {schema}, and these pages read up to "
            f"{history.schema}. Open it with a newer version of system-behaviours."
        )
    if len(given) > MOST_SETTINGS:
        return _refused(f"The file holds more than {MOST_SETTINGS} settings.")
    versions = [("v", str(schema)), *([("model", str(model))] if _is_version(model) else [])]
    pairs = [(_text(name), _text(value)) for name, value in given.items() if name not in ("v", "model")]
    read = from_pairs([*versions, *pairs], history=history, what="file")
    if len(read.settings.to_query(whole=True)) > LONGEST:
        return _refused("The file holds more than fits into an address.")
    page = content.get("page", "")
    known = isinstance(page, str) and page in paths
    strange = (f"The page {_text(page)[:40]!r} is not known here: this one was kept.",) if page and not known else ()
    return Loaded(read.settings, page if known else "", (*read.notes, *strange))


def _refused(why: str) -> Loaded:
    return Loaded(None, notes=(f"{why} {UNCHANGED}",))


def _is_version(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 100_000


def _plain(name: str, text: str) -> str | int | float:
    """Return a number where a setting is one, so that the file reads as JSON should."""
    value = name.replace("-", "_")
    if value in BY_NAME:
        return float(text)
    return int(text) if isinstance(KINDS[value].read(text), int) else text


def _text(value: Any) -> str:
    """Return a value of the file as an address would write it, without what no text can hold."""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = ",".join(value)
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "replace").decode()
