"""Ready ones by name, people's own by path; place template."""

import os
from pathlib import Path
from textwrap import wrap
from typing import Literal, NamedTuple

from simulation.scenario.errors import Findings
from simulation.vocabulary import BEHAVIOUR_IDS, KIND_IDS


def library_root() -> Path:
    """Return the folder that holds `places/`, `routes/` and `pressures/`.

    An installed wheel carries it inside this package as `_scenarios/`; in a checkout it is `scenarios/`,
    beside this package. Raises FileNotFoundError where neither exists.
    """
    package = Path(__file__).resolve().parents[1]
    candidates = (package / "_scenarios", package.parent / "scenarios")
    for folder in candidates:
        if folder.is_dir():
            return folder
    msg = f"the library of scenarios is missing: neither {candidates[0]} nor {candidates[1]} is a folder"
    raise FileNotFoundError(msg)


# Tell a ready one's name from a path, and find what is meant.
#
# A text with a slash, or ending in .toml, is a path; so is a `Path`. Anything else is the name of a ready one,
# or else a path in the current folder. Where both exist the text is refused: `./name` is the path.


_KEPT = {"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"} | {
    f"{device}{number}" for device in ("com", "lpt") for number in "0123456789¹²³"
}
Kind = Literal["places", "routes", "pressures", "scenarios"]
KINDS: tuple[Kind, ...] = ("places", "routes", "pressures", "scenarios")
PLACE_FILE = "place.toml"
_ONE = {"places": "place", "routes": "route", "pressures": "pressure", "scenarios": "scenario"}


class Found(NamedTuple):
    """A TOML file, and the name of what it holds."""

    path: Path
    name: str


def windows_refuses(name: str) -> bool:
    """Tell whether Windows can't have a folder of this name: a place must be able to go there.

    >>> windows_refuses("con"), windows_refuses("Aux.txt"), windows_refuses("town."), windows_refuses("console")
    (True, True, True, False)
    """
    return name.partition(".")[0].rstrip().casefold() in _KEPT or name.endswith((".", " "))


def ready(kind: Kind) -> dict[str, Found]:
    """Return the ready ones by name."""
    root = library_root()
    if kind == "places":
        files = sorted(root.glob(f"places/*/{PLACE_FILE}"))
        return {file.parent.name: Found(file, file.parent.name) for file in files}
    folder = root if kind == "scenarios" else root / kind
    return {file.stem: Found(file, file.stem) for file in sorted(folder.glob("*.toml"))}


def find(
    kind: Kind,
    source: str | Path,
    findings: Findings,
    *,
    base: Path | None = None,
    file: str = "",
    key: str = "",
) -> Found | None:
    """Return what a name or path means, or None with a problem added.

    `base` is the folder that a path starts from; `file` and `key` say where the name was read, for messages.
    """
    path = Path(source)
    if base is not None and not path.is_absolute():
        path = base / path
    if isinstance(source, Path) or _is_path(source):
        return _at(kind, path, source, findings, file=file, key=key)
    library = ready(kind)
    beside = _is_there(kind, path)
    if source in library:
        found = library[source]
        if beside and not _same(path, found):
            message = f"is a ready {_ONE[kind]} and a {'folder' if path.is_dir() else 'file'} of yours too"
            allowed = f"'./{source}' for yours; rename it to mean the ready one"
            findings.add(message, file=file, key=key, value=source, allowed=allowed)
            return None
        return found
    if beside:
        return _at(kind, path, source, findings, file=file, key=key)
    if kind != "places" and (source in ready("places") or _is_place(path)):
        _say_place(kind, source, findings, file=file, key=key)
        return None
    findings.add(
        f"is not a ready {_ONE[kind]}, nor a path",
        file=file,
        key=key or _ONE[kind],
        value=source or '""',
        allowed=library,
        like=library,
    )
    return None


def _is_path(text: str) -> bool:
    return "/" in text or os.sep in text or text.endswith(".toml") or text in (".", "..")


def _is_there(kind: Kind, path: Path) -> bool:
    try:
        return path.exists() if kind == "places" else path.is_file()
    except (OSError, ValueError):
        return False


def _same(path: Path, found: Found) -> bool:
    ready_path = found.path if path.is_file() else found.path.parent
    return path.resolve() == ready_path.resolve()


def _at(kind: Kind, path: Path, source: str | Path, findings: Findings, *, file: str, key: str) -> Found | None:
    try:
        folder, there = path.is_dir(), path.exists()
    except (OSError, ValueError):
        folder = there = False
    if kind != "places" and (_is_place(path) or (there and path.name == PLACE_FILE)):
        _say_place(kind, source, findings, file=file, key=key)
        return None
    if there and kind == "places" and windows_refuses(_folder(path, is_folder=folder).name):
        message = "has a name that a folder can't have on Windows"
        findings.add(message, file=file, key=key or "place", value=source, allowed="another name for the folder")
        return None
    if folder and kind == "places":
        return Found(path / PLACE_FILE, as_text(path.resolve().name))
    if not there:
        library = ready(kind)
        stem = path.stem if path.suffix == ".toml" else path.name
        hint = f"; '{stem}' alone is a ready {_ONE[kind]}" if stem in library else ""
        findings.add(f"is not there{hint}", file=file, key=key or _ONE[kind], value=source, like=_beside(path))
        return None
    if kind == "places" and path.name == PLACE_FILE:
        return Found(path, as_text(path.resolve().parent.name))
    return Found(path, as_text(path.stem))


def as_text(name: str) -> str:
    """Return a file's name as letters that can be written anywhere, whatever code page it was read in.

    >>> as_text("caf\\udcc3\\udca9"), as_text("caf\\udce9")
    ('café', 'caf�')
    """
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _is_place(path: Path) -> bool:
    try:
        return path.is_dir() and (path / PLACE_FILE).is_file()
    except (OSError, ValueError):
        return False


def _folder(path: Path, *, is_folder: bool) -> Path:
    return path.resolve() if is_folder else path.resolve().parent


def _say_place(kind: Kind, source: str | Path, findings: Findings, *, file: str, key: str) -> None:
    """Say that a place was given where another kind is wanted, and how places are given."""
    allowed = f"--place {source}" if kind == "scenarios" and not file else f"a {_ONE[kind]}"
    findings.add(f"is a place, and no {_ONE[kind]}", file=file, key=key or _ONE[kind], value=source, allowed=allowed)


def _beside(path: Path) -> list[str]:
    """Return what else is in the path's folder, spelt as the path would be."""
    try:
        return [str(path.parent / other.name) for other in path.parent.iterdir()][:200]
    except (OSError, ValueError):
        return []


# Make the files of a new place from a commented template that is complete as it stands.


FILES = ("place.toml", "organisations.csv", "relationships.csv")
WIDEST = 95
INDENT = "#                    "


def template_files(name: str) -> dict[str, str]:
    """Return the template's files by name, for a place of this name.

    >>> 'title = "My town"' in template_files("my-town")["place.toml"]
    True
    """
    folder = library_root() / "template"
    words = {
        "@NAME@": name,
        "@TITLE@": title_of(name),
        "@KINDS@": _wrapped(KIND_IDS),
        "@BEHAVIOURS@": _wrapped(BEHAVIOUR_IDS),
    }
    texts = {file: (folder / file).read_text(encoding="utf-8") for file in FILES}
    for word, text in words.items():
        texts["place.toml"] = texts["place.toml"].replace(word, text)
    return texts


def title_of(name: str) -> str:
    """Return a folder's name as a title.

    >>> title_of("my-town_2")
    'My town 2'
    """
    text = " ".join(name.replace("-", " ").replace("_", " ").split())
    return text[:1].upper() + text[1:]


def _wrapped(names: tuple[str, ...]) -> str:
    """Return names over the lines of a comment."""
    return f"\n{INDENT}".join(wrap(", ".join(names), WIDEST, break_on_hyphens=False))
