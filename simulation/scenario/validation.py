"""Data into value objects, pydantic's complaints into errors."""

import json
import re
from collections.abc import Iterable
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from simulation.scenario.errors import Findings, Path_, ProblemError
from simulation.scenario.toml_positions import Document

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


M = TypeVar("M", bound=BaseModel)


def validated(
    model: type[M], data: Any, document: Document, findings: Findings, *, path: Path_ = (), hidden: Iterable[str] = ()
) -> M | None:
    """Return `data` as a value object, or None with problems added, each with its file and line.

    `path` is where the data stands in the document; `hidden` are fields that a file can't set. Nothing is
    converted: "3" is no number, 1 is not true.
    """
    hidden = set(hidden)
    refused = [key for key in data if key in hidden] if isinstance(data, dict) else []
    for key in refused:
        _unknown(key, (*path, key), set(model.model_fields) - hidden, document, findings)
    if isinstance(data, dict):
        data = {key: value for key, value in data.items() if key not in hidden}
    try:
        result = model.model_validate_json(json.dumps(data, default=str), strict=True)
    except ValidationError as error:
        add_errors(error, model, data, document, findings, path=path, hidden=hidden)
        return None
    except (RecursionError, OverflowError):
        document.add(findings, "is too deeply nested or too large", path)
        return None
    return None if refused else result


def add_errors(
    error: ValidationError,
    model: type[BaseModel],
    data: Any,
    document: Document,
    findings: Findings,
    *,
    path: Path_ = (),
    hidden: Iterable[str] = (),
) -> None:
    """Add what pydantic found, the choices of a union that failed together as one problem."""
    together: dict[Path_, list[ErrorDetails]] = {}
    for detail in error.errors(include_url=False):
        together.setdefault(_path_within(data, detail), []).append(detail)
    for within, details in together.items():
        _add(within, details, model, data, document, findings, path=path, hidden=set(hidden))


def _add(
    within: Path_,
    details: list[ErrorDetails],
    model: type[BaseModel],
    data: Any,
    document: Document,
    findings: Findings,
    *,
    path: Path_,
    hidden: set[str],
) -> None:
    detail = details[0]
    kind, context = detail["type"], detail.get("ctx", {})
    whole = (*path, *within, "type") if kind == "union_tag_invalid" else (*path, *within)
    if isinstance(context.get("error"), ProblemError):
        for problem in context["error"].problems:
            key = "" if problem.path else problem.key
            about = {"key": key, "value": problem.value or None, "allowed": problem.allowed, "meant": problem.nearest}
            document.add(findings, problem.message, (*whole, *problem.path), **about)
        return
    if kind == "extra_forbidden":
        _unknown(str(within[-1]), whole, _fields_at(model, data, within[:-1]) - hidden, document, findings)
        return
    if kind in ("missing", "union_tag_not_found"):
        name = "type" if kind == "union_tag_not_found" else str(within[-1])
        document.add(findings, f"the key '{name}' is missing", whole)
        return
    message, allowed, like, value = said(details)
    document.add(findings, message, whole, value=value, allowed=allowed, like=like)


def _unknown(name: str, path: Path_, fields: set[str], document: Document, findings: Findings) -> None:
    document.add(findings, "is not a known key", path, value=name, allowed=sorted(fields), like=sorted(fields))


def _path_within(data: Any, detail: ErrorDetails) -> Path_:
    """Return where in the data an error is, without pydantic's names for the choices of a union."""
    path: list[str | int] = []
    for position, part in enumerate(detail["loc"]):
        last = position == len(detail["loc"]) - 1
        here = isinstance(data, dict) and part in data
        here = here or (isinstance(data, list | tuple) and isinstance(part, int) and part < len(data))
        if here:
            data = data[part]
        elif not (last and detail["type"] == "missing"):
            continue
        path.append(part)
    return tuple(path)


def _fields_at(annotation: Any, data: Any, path: Path_) -> set[str]:
    """Return the keys that the model allows at a path into the data."""
    models = [model for model in _models(annotation) if _fits(model, data)] or list(_models(annotation))
    if not path:
        return {name for model in models for name in model.model_fields}
    below = data[path[0]]
    if isinstance(path[0], int):
        return _fields_at(annotation, below, path[1:])
    fields = [model.model_fields[path[0]].annotation for model in models if path[0] in model.model_fields]
    return set().union(*(_fields_at(field, below, path[1:]) for field in fields))


def _fits(model: type[BaseModel], data: Any) -> bool:
    """Tell whether the data names this model as its type."""
    field = model.model_fields.get("type")
    return isinstance(data, dict) and field is not None and data.get("type") == field.default


def _models(annotation: Any) -> Iterable[type[BaseModel]]:
    """Yield the models that an annotation speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (Union, UnionType, tuple, list, dict) or hasattr(annotation, "__metadata__"):
        for part in get_args(annotation):
            if get_origin(part) is not Literal:
                yield from _models(part)


def problem_error(error: ValidationError, model: type[BaseModel], data: Any) -> ProblemError:
    """Return what pydantic found wrong with Python values as a ProblemError."""
    findings = Findings()
    add_errors(error, model, data, Document({}), findings)
    return ProblemError(findings.problems)
