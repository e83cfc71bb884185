"""Say in words what pydantic found wrong with a value."""

import re

from pydantic_core import ErrorDetails

_BOUNDS = {
    "greater_than": ("gt", "above"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "below"),
    "less_than_equal": ("le", "at most"),
}
_LENGTHS = {"too_short": ("min_length", "at least"), "too_long": ("max_length", "at most")}
_NOT = (
    ("int_from_float", "is not a whole number", "a whole number"),
    ("int_", "is not a whole number", "a whole number"),
    ("finite_number", "is not a finite number", "a number"),
    ("float_", "is not a number", "a number, without quotation marks"),
    ("bool_", "is neither true nor false", "true or false"),
    ("string_", "is not text", "text in quotation marks"),
    ("tuple_", "is not a list", "a list in [ ]"),
    ("list_", "is not a list", "a list in [ ]"),
    ("model_", "is not a table", "a table of keys"),
    ("dict_", "is not a table", "a table of keys"),
)


def said(details: list[ErrorDetails]) -> tuple[str, str | list[str], list[str], object]:
    """Return message, what is allowed, valid names and the value of errors at one path."""
    detail = details[0]
    value = detail["input"]
    names = [name for one in details for name in _names(one)]
    if names:
        value = detail.get("ctx", {}).get("tag", value)
        others = ["a list"] if any(one["type"].startswith("tuple_") for one in details) else []
        return "is not one of the choices", [*names, *others], names, _one_value(value)
    for kind, (key, words) in _BOUNDS.items():
        if detail["type"] == kind:
            limit = detail["ctx"][key]
            return "is out of range", f"{words} {limit if isinstance(limit, int) else f'{limit:g}'}", [], value
    for end, (key, words) in _LENGTHS.items():
        if detail["type"].endswith(end):
            return "has the wrong length", f"{words} {detail['ctx'][key]}", [], _one_value(value)
    for start, message, allowed in _NOT:
        if detail["type"].startswith(start):
            return message, allowed, [], _one_value(value)
    return f"can't stand here: {detail['msg'].removeprefix('Value error, ')}", "", [], _one_value(value)


def _one_value(value: object) -> object:
    if value == "":
        return '""'
    if isinstance(value, dict):
        return f"a table of {len(value)} keys"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    return value if value is not None else "nothing"


def _names(detail: ErrorDetails) -> list[str]:
    context = detail.get("ctx", {})
    if detail["type"] == "literal_error":
        return re.findall(r"'([^']*)'", str(context["expected"]))
    if detail["type"] == "union_tag_invalid":
        return re.findall(r"'([^']*)'", str(context["expected_tags"]))
    return []
