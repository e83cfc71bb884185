"""Let `--routes A B` take several values, which the parser below it can't: each becomes an option of its own."""

from collections.abc import Callable, Sequence


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
