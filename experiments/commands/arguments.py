"""Let `--routes A B` take several values, which the parser below it can't: each becomes an option of its own."""

import re
from collections.abc import Callable, Sequence
from os.path import isfile


def spread(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with every value of `--routes`, `--set` and `--parameters` as an option of its own.

    >>> spread(["compare", "--routes", "none", "blended", "--months", "60"])
    ['compare', '--routes', 'none', '--routes', 'blended', '--months', '60']
    >>> spread(["run", "--set", "T0=0.4", "nu=0", "gateshead"])
    ['run', '--set', 'T0=0.4', '--set', 'nu=0', 'gateshead']
    """
    belongs: dict[str, Callable[[str], bool]] = {
        "--routes": _may_be_route,
        "--set": lambda text: "=" in text,
        "--parameters": lambda text: not text.endswith(".csv"),
    }
    result: list[str] = []
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        result.append(word)
        if word == "--":
            return result + rest
        if word not in belongs or not rest:
            continue
        result.append(rest.pop(0))
        while rest and not rest[0].startswith("-") and belongs[word](rest[0]):
            result += [word, rest.pop(0)]
    return result


def listed(values: Sequence[str] | None) -> list[str]:
    """Return values that may be separated by commas or spaces, one by one.

    >>> listed(["none,blended", "manifesto-led prototype-led"])
    ['none', 'blended', 'manifesto-led', 'prototype-led']
    """
    return [part for value in values or () for part in value.replace(",", " ").split()]


def names_or_paths(values: Sequence[str] | None, kind: str) -> list[str]:
    """Return ready names and paths one by one; commas and spaces separate them, but for those in a path.

    >>> names_or_paths(["none,blended", "./my routes/a, b.toml"], "routes")
    ['none', 'blended', './my routes/a, b.toml']
    """
    known = set(ready_names(kind))
    return [text for value in values or () for text in _apart(value, lambda text: text in known or isfile(text))]


def _apart(value: str, is_known: Callable[[str], bool]) -> list[str]:
    """Cut a value where what is known ends; what is not known stays together where it looks like a path."""
    words = [(match.group(), match.start(), match.end()) for match in re.finditer(r"[^,\s]+", value)]
    found: list[str] = []
    unknown: list[tuple[str, int, int]] = []

    def say_unknown() -> None:
        if unknown:
            whole = value[unknown[0][1] : unknown[-1][2]]
            is_path = "/" in whole or whole.endswith(".toml")
            found.extend([whole] if is_path else [word for word, _, _ in unknown])
            unknown.clear()

    k = 0
    while k < len(words):
        ends = (j for j in range(len(words), k, -1) if is_known(value[words[k][1] : words[j - 1][2]]))
        end = next(ends, None)
        if end is None:
            unknown.append(words[k])
            k += 1
            continue
        say_unknown()
        found.append(value[words[k][1] : words[end - 1][2]])
        k = end
    say_unknown()
    return found


def ready_names(kind: str) -> list[str]:
    """Return the names of what is kept ready, without reading the files."""
    from simulation.library import library_root

    root = library_root()
    if kind == "places":
        return sorted(path.parent.name for path in root.glob("places/*/place.toml"))
    folder = root if kind == "scenarios" else root / kind
    return sorted(path.stem for path in folder.glob("*.toml"))


def _may_be_route(text: str) -> bool:
    """Tell whether a word after --routes can be one: a ready scenario's name that is no route's ends the list."""
    return text not in ready_names("scenarios") or text in ready_names("routes")
