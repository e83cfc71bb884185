"""All that an address says, read and written: settings, and the packed texts and ranges that pages keep in them.

Whatever is wrong with an address is said in words, or raised by type where a page reads its own part. A page adds what
it needs by one line in `Settings`; only what differs from the default is written.
"""

import json
import math
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from functools import cache, lru_cache
from typing import Any, Generic, Literal, NamedTuple, TypeVar
from urllib.parse import parse_qsl, quote, unquote, urlencode

from dashboard import sweep_folders
from simulation import MODEL_VERSION
from simulation.limits import MOST_SEED
from simulation.outcomes import SERIES
from simulation.parameters import BY_NAME, GROUP_TITLES
from simulation.scenario import ProblemError, Structure, available
from simulation.scenario.errors import nearest
from simulation.scenario.structure import BURN_INS
from simulation.vocabulary import BEHAVIOUR_IDS

T = TypeVar("T")
LONGEST_SHOWN = 40
MOST_ITEMS = 50


class UnusableError(ValueError):
    """A text that is no value of its kind: what is allowed, and what it was set to instead (default: the default)."""

    def __init__(self, allowed: str, instead: Any = None) -> None:
        super().__init__(allowed)
        self.allowed, self.instead = allowed, instead


@dataclass(frozen=True)
class Kind(Generic[T]):
    """How one kind of value is read from a text and written to one; `read` raises UnusableError."""

    read: Callable[[str], T]
    write: Callable[[T], str] = str


Part = Literal["scenario", "rule", "reading", "page"]
"""What a setting belongs to: the scenario, its structure, what is read of its runs, or one page alone."""


def entry(default: T, kind: Kind[T], part: Part = "page") -> T:
    """Declare a field of `Settings`: its default, how it is read and written, and what it belongs to."""
    return field(default=default, metadata={"kind": kind, "part": part})  # type: ignore[return-value]


def whole(low: int, high: int) -> Kind[int]:
    """Return the kind of whole numbers; one out of range is set to the nearest allowed."""

    def read(text: str) -> int:
        allowed = f"a whole number from {low:,} to {high:,}"
        try:
            value = int(text) if len(text) <= LONGEST_SHOWN else None
        except ValueError:
            value = None
        if value is None:
            raise UnusableError(allowed)
        if not low <= value <= high:
            raise UnusableError(allowed, min(max(value, low), high))
        return value

    return Kind(read)


def number(low: float, high: float) -> Kind[float]:
    """Return the kind of numbers; one out of range is set to the nearest allowed."""

    def read(text: str) -> float:
        allowed = f"a number from {low:g} to {high:g}"
        try:
            value = float(text) if len(text) <= LONGEST_SHOWN else math.nan
        except ValueError:
            value = math.nan
        if math.isnan(value):
            raise UnusableError(allowed)
        if not low <= value <= high:
            raise UnusableError(allowed, float(min(max(value, low), high)))
        return value

    return Kind(read, short)


def short(value: float) -> str:
    """Write a number as briefly as reads back to the same bits."""
    text = f"{value:g}"
    return text if float(text) == value else repr(float(value))


def one_of(allowed: Callable[[], Collection[str]], what: str) -> Kind[str]:
    """Return the kind of one name out of several; `what` names them for people: "a route"."""

    def read(text: str) -> str:
        names = allowed()
        if text in names:
            return text
        raise UnusableError(_among(text, names, what))

    return Kind(read)


def some_of(allowed: Callable[[], Collection[str]], what: str, *, most: int) -> Kind[tuple[str, ...]]:
    """Return the kind of several different names with commas between them, in the order given."""

    def read(text: str) -> tuple[str, ...]:
        names, given = allowed(), tuple(dict.fromkeys(text[:4000].split(",")[:MOST_ITEMS]))
        known = tuple(name for name in given if name in names)
        if len(known) < len(given):
            raise UnusableError(_among(next(name for name in given if name not in names), names, what), known[:most])
        if len(known) > most:
            msg = f"at most {most} of them"
            raise UnusableError(msg, known[:most])
        return known

    return Kind(read, ",".join)


def words(allowed: Callable[[str], bool], what: str) -> Kind[str]:
    """Return the kind of free texts that pass a check; `what` says which: "the name of a place"."""

    def read(text: str) -> str:
        if not allowed(text):
            raise UnusableError(what)
        return text

    return Kind(read)


def _among(text: str, names: Collection[str], what: str) -> str:
    like = nearest(text, names)
    return f"{what}, perhaps {like}" if like else what


def quoted(text: str) -> str:
    """Show a text from outside, cut where it is long."""
    return f"“{text}”" if len(text) <= LONGEST_SHOWN else f"“{text[:LONGEST_SHOWN]}…”"


SCHEMA = 1
"""Version of what an address can hold; raised when a key changes its name or meaning."""
VERSION_KEYS = ("v", "model")
LONGEST = 8_000
MOST_COMPARED = 4
FEWEST_PAIRED, MOST_PAIRED = 20, 200
PRIVATE = re.compile(r"sha-[0-9a-f]{64}")
"""How the address names a place of a visitor's own: by its content, which stays in the visitor's browser."""


@lru_cache
def titles(kind: str) -> dict[str, str]:
    """Return names and titles of what is kept ready: "scenarios", "places", "routes", "pressures"."""
    return {found.name: found.title for found in available(kind)}  # type: ignore[arg-type]


@lru_cache
def ready(kind: str) -> tuple[str, ...]:
    """Return the names of what is kept ready of a kind."""
    return tuple(titles(kind))


def _structure_kind(name: str) -> Kind[Any]:
    options = {
        key: value["enum"] for key, value in Structure.model_json_schema()["properties"].items() if "enum" in value
    }
    return one_of(lambda: options[name], f"one of {', '.join(options[name])}")


def _routes(*, most: int) -> Kind[tuple[str, ...]]:
    return some_of(lambda: ready("routes"), "ready routes", most=most)


def _taken_from() -> tuple[str, ...]:
    return (*ready("routes"), "difference")


def _place(text: str) -> bool:
    return text in ready("places") or bool(PRIVATE.fullmatch(text))


def _packed(text: str) -> bool:
    return bool(re.fullmatch(r"[\w.-]{1,6000}", text, re.ASCII))


@dataclass(frozen=True)
class Settings:
    """What decides what a page shows. An empty name means: what the scenario says."""

    scenario: str = entry("barking-and-dagenham", one_of(lambda: ready("scenarios"), "a ready scenario"), "scenario")
    place: str = entry("", words(_place, "a ready place, or sha- and the hash of your own"), "scenario")
    route: str = entry("", one_of(lambda: ready("routes"), "a ready route"), "scenario")
    pressure: str = entry("", one_of(lambda: ready("pressures"), "a ready pressure"), "scenario")
    months: int = entry(0, whole(1, 600), "scenario")
    """0: as long as the scenario."""
    seed: int = entry(1_000_000, whole(0, MOST_SEED), "reading")
    month: int = entry(-1, whole(0, 600), "reading")
    """The month looked at; -1: the last."""
    organisation: str = entry("", words(lambda text: 0 < len(text) <= 200, "the id of an organisation"))
    behaviour: str = entry("", one_of(lambda: BEHAVIOUR_IDS, "one of the nine behaviours"))
    colour: str = entry("practice", one_of(lambda: ("practice", "pressure"), "practice or pressure"))
    """What colour says in the network."""
    find: str = entry("", words(lambda text: 0 < len(text) <= 60, "a few words"))
    """What is looked for among the model's numbers."""
    mechanism: str = entry("partner", one_of(lambda: (*GROUP_TITLES, "all"), "a mechanism, or all"))
    """Whose numbers are listed."""
    profile: str = entry("full", one_of(lambda: ("full", "lean"), "full or lean"), "scenario")
    compare: tuple[str, ...] = entry(
        (), some_of(lambda: ready("routes"), "ready routes", most=MOST_COMPARED), "reading"
    )
    decisions: str = entry("", words(_packed, "the whole text of a link"))
    """Branches of the page Decide, packed."""
    branch: int = entry(0, whole(0, 9))
    """The branch in hand."""
    intent: str = entry("", words(_packed, "the whole text of a link"))
    """What is set on the page Decide and not decided yet, packed."""
    repeats: int = entry(0, whole(0, 60))
    """Runs with other luck that a band is drawn from; 0: no band."""
    outcome: str = entry("practice", one_of(lambda: SERIES, "an outcome"), "reading")
    """What charts over the months show."""
    paired: int = entry(40, whole(FEWEST_PAIRED, MOST_PAIRED), "reading")
    """Seeds that every route compared is run on."""
    pair: tuple[str, ...] = entry((), _routes(most=2), "reading")
    """The two routes whose difference is read; none: the two that matter first."""
    taken_from: str = entry(
        "", one_of(lambda: (*ready("routes"), "difference"), "a ready route, or difference"), "reading"
    )
    """The route that ingredients are taken away from, or the difference between the two."""
    named: str = entry("", words(_packed, "the whole text of a link"))
    """Comparisons with a name, packed."""
    sweep: str = entry("", one_of(sweep_folders.names, "the name of a sweep or map that these pages were started with"))
    subject: str = entry("", words(lambda text: 0 < len(text) <= 300, "the key of a route or a pair of routes"))
    """What a sweep is asked about; "": the first."""
    within: str = entry("", words(lambda text: 0 < len(text) <= 4000, "ranges, name~low~high with commas between"))
    """Ranges that choose among a sweep's points, as `ranges_to_text` writes them."""
    axis: str = entry("", words(lambda text: 0 < len(text) <= 200, "the name of an axis"))
    """The axis that the two sliders of ranges stand for; "": the outcome."""
    point: int = entry(-1, whole(0, 100_000_000))
    """The point of a sweep, or the cell of a map, that is looked at; -1: the highest."""
    replicate: int = entry(0, whole(0, 100_000_000))
    """Which of a point's seeds."""
    influence: str = entry("hill", _structure_kind("influence"), "rule")
    speed_limit: str = entry("split", _structure_kind("speed_limit"), "rule")
    convening: str = entry("sites", _structure_kind("convening"), "rule")
    update: str = entry("synchronous", _structure_kind("update"), "rule")
    noise: str = entry("normal", _structure_kind("noise"), "rule")
    rationing: str = entry("off", _structure_kind("rationing"), "rule")
    burn_in: str = entry("", one_of(lambda: BURN_INS, f"one of {', '.join(BURN_INS)}"), "rule")
    """"": what the place decides."""
    parameters: tuple[tuple[str, float], ...] = field(default=())
    """Parameters set by hand, by name in the order of the alphabet; each is a key of its own in the address."""

    def changed(self, **changes: Any) -> "Settings":
        """Return a copy with other values; parameters are kept in order."""
        if "parameters" in changes:
            changes["parameters"] = tuple(sorted(dict(changes["parameters"]).items()))
        return replace(self, **changes)

    def with_parameter(self, name: str, value: float | None) -> "Settings":
        """Return a copy with a parameter set by hand; None puts it back. Raises KeyError for an unknown name."""
        parameter = BY_NAME[name]
        kept = {key: number for key, number in self.parameters if key != name}
        if value is not None:
            kept[name] = float(min(max(value, parameter.hard_low), parameter.hard_high))
        return self.changed(parameters=kept.items())

    def to_query(self, *, whole: bool = False) -> str:
        """Return the settings as a query, without a question mark; "" where all is as by default.

        `whole` says the versions even then: for a link that is shared.
        """
        pairs = to_pairs(self)
        return urlencode([*(_versions() if pairs or whole else []), *pairs], safe=",:")


KINDS: dict[str, Kind[Any]] = {f.name: f.metadata["kind"] for f in fields(Settings) if f.metadata}
DEFAULTS: dict[str, Any] = {f.name: f.default for f in fields(Settings) if f.default is not MISSING}


def names_of(*parts: Part) -> tuple[str, ...]:
    """Return the names of the settings that belong to these parts, in their order."""
    return tuple(f.name for f in fields(Settings) if f.metadata.get("part") in parts)


class Read(NamedTuple):
    """What an address or a file said, and what has to be told about it."""

    settings: Settings
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class History:
    """What changed from one version to the next, so that an older link can say so."""

    schema: int = SCHEMA
    model: int = MODEL_VERSION
    renamed: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    """New names of keys, by the schema that brought them."""
    said: Mapping[int, str] = field(default_factory=dict)
    """What each version of the model changed, in words that complete "The model has changed since: "."""


HISTORY = History()


def to_pairs(settings: Settings) -> list[tuple[str, str]]:
    """Return keys and texts of all that differs from the default."""
    pairs = [
        (key(name), kind.write(getattr(settings, name)))
        for name, kind in KINDS.items()
        if getattr(settings, name) != DEFAULTS[name]
    ]
    return pairs + [(key(name), _parameter(name).write(value)) for name, value in settings.parameters]


def from_query(query: str | None, *, history: History = HISTORY) -> Read:
    """Return the settings that a query holds; whatever is wrong with it is said and set to something that works."""
    text = (query or "").removeprefix("?")
    if len(text) > LONGEST:
        return Read(Settings(), (f"The address is longer than {LONGEST:,} characters: it was not read.",))
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=500)
    except ValueError:
        return Read(Settings(), ("The address holds too many settings: it was not read.",))
    return from_pairs(pairs, history=history)


def from_pairs(pairs: Iterable[tuple[str, str]], *, history: History = HISTORY, what: str = "link") -> Read:
    """Return the settings that keys and texts hold, with what was wrong; `what` is what they were found in."""
    given, notes = dict(pairs), []
    schema, model = (_version(given.pop(name, None)) for name in VERSION_KEYS)
    notes += _about_versions(schema, model, history, what)
    values: dict[str, Any] = {}
    numbers: dict[str, float] = {}
    for name, text in given.items():
        known = _named(_renamed(name, schema, history))
        kind = KINDS.get(known) or (_parameter(known) if known in BY_NAME else None)
        if kind is None:
            like = nearest(name, [*map(key, KINDS), *map(key, BY_NAME)])
            hint = f"; {like} is" if like else ""
            notes.append(f"{quoted(name)} is nothing that can be set here{hint}. It was left out.")
            continue
        into = values if known in KINDS else numbers
        try:
            into[known] = kind.read(text)
        except UnusableError as error:
            instead = error.instead
            if instead is not None:
                into[known] = instead
            shown = "the default" if instead is None else kind.write(instead) or "none"
            notes.append(f"{key(known)} was {quoted(text)}; it has to be {error.allowed}. It was set to {shown}.")
    return Read(Settings(**values).changed(parameters=numbers.items()), tuple(notes))


def key(name: str) -> str:
    """Return how a setting is spelt in an address."""
    return name.replace("_", "-")


def _named(text: str) -> str:
    return text.replace("-", "_")


@cache
def _parameter(name: str) -> Kind[float]:
    return number(BY_NAME[name].hard_low, BY_NAME[name].hard_high)


def _versions() -> list[tuple[str, str]]:
    return [("v", str(SCHEMA)), ("model", str(MODEL_VERSION))]


def _version(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 6 else None


def _renamed(name: str, schema: int | None, history: History) -> str:
    for version in range((schema or history.schema) + 1, history.schema + 1):
        name = history.renamed.get(version, {}).get(name, name)
    return name


def _about_versions(schema: int | None, model: int | None, history: History, what: str) -> list[str]:
    notes = []
    made = f"This {what} was made with version {model} of the model; this is {history.model}"
    if schema is not None and schema > history.schema:
        notes.append(f"This {what} was made with newer pages than these: what they can't read was left out.")
    if model is not None and model > history.model:
        notes.append(f"{made}: numbers may differ.")
    if model is not None and model < history.model:
        said = [history.said[v] for v in range(model + 1, history.model + 1) if v in history.said]
        since = f"The model has changed since: {'; '.join(said)}." if said else "Numbers may differ."
        notes.append(f"{made}. {since}")
    return notes


PACKING = "1"
"""Version of packed texts."""
LONGEST_PACKED, LONGEST_UNPACKED = 6_000, 100_000
_BARE = -15
"""zlib's number for packing without a header of its own."""


class LinkError(ValueError):
    """A part of a link can't be read; the words say which and why."""


class CutError(LinkError):
    """It was cut off or changed on the way."""


class OtherPagesError(LinkError):
    """It was made with other pages than these."""


@dataclass(frozen=True)
class Packed(Generic[T]):
    """How a page's own value stands in an address; `empty` is the one that needs no text."""

    what: str
    """Its name at the beginning of a sentence, as several things: "The branches"."""
    empty: T
    write: Callable[[T], Any]
    """Return a value as JSON data."""
    read: Callable[[str], T]
    """Return the value of a JSON text. What it raises is raised on where its words can be shown, else it is cut off."""
    hint: bytes = b""
    """What such texts are full of: packed as a hint of where it stands here. Another one needs another version."""

    def to_text(self, value: T) -> str:
        """Return a value as text; "" for the empty one."""
        if value == self.empty:
            return ""
        content = json.dumps(self.write(value), separators=(",", ":"), ensure_ascii=False).encode()
        packer = zlib.compressobj(9, wbits=_BARE, zdict=self.hint)
        packed = _check(content) + packer.compress(content) + packer.flush()
        return f"{PACKING}.{urlsafe_b64encode(packed).decode().rstrip('=')}"

    def from_text(self, text: str) -> T:
        """Return the value of a text. Raises CutError or OtherPagesError, or ProblemError for what can't be meant."""
        if not text:
            return self.empty
        version, _, rest = text.partition(".")
        if version != PACKING and version.isascii() and version.isdecimal():
            msg = f"{self.what} in this link were made with other pages than these, which can't read them."
            raise OtherPagesError(msg)
        try:
            if version != PACKING or len(text) > LONGEST_PACKED:
                raise CutError
            return self.read(_unpacked(urlsafe_b64decode(rest.encode("ascii") + b"=" * (-len(rest) % 4)), self.hint))
        except ProblemError:
            raise
        except (ValueError, TypeError, LookupError, zlib.error, RecursionError):
            why = "perhaps a part of it was cut off. Ask for the whole link again."
            msg = f"{self.what} in this link can't be read: {why}"
            raise CutError(msg) from None


def _unpacked(data: bytes, hint: bytes) -> str:
    """Return the JSON text that was packed, bounded. Raises ValueError or zlib.error."""
    unpacker = zlib.decompressobj(wbits=_BARE, zdict=hint)
    content = unpacker.decompress(data[2:], LONGEST_UNPACKED)
    if not unpacker.eof or unpacker.unused_data or _check(content) != data[:2]:
        raise CutError
    text = content.decode()
    json.loads(text)
    return text


def _check(content: bytes) -> bytes:
    return (zlib.crc32(content) & 0xFFFF).to_bytes(2, "big")


Ends = tuple[str, str]


def ranges_to_text(ranges: Mapping[str, Ends]) -> str:
    """Return ranges as an address holds them.

    >>> ranges_to_text({"trust": ("0.2", "0.4"), "kind": ("a~b", "c")})
    'trust~0.2~0.4,kind~a%7Eb~c'
    """
    return ",".join("~".join([name, *map(_quoted_end, ends)]) for name, ends in ranges.items())


def ranges_from_text(text: str) -> dict[str, Ends]:
    """Return the ranges that an address holds; what is no range is left out.

    >>> ranges_from_text("trust~0.2~0.4,nothing,kind~a%7Eb~c")
    {'trust': ('0.2', '0.4'), 'kind': ('a~b', 'c')}
    """
    parts = [part.split("~") for part in text.split(",")]
    return {part[0]: (unquote(part[1]), unquote(part[2])) for part in parts if len(part) == 3}


def without_range(text: str, name: str) -> str:
    """Return the ranges of an address without that of one axis.

    >>> without_range("trust~0.2~0.4,outcome~1~2", "outcome")
    'trust~0.2~0.4'
    """
    return ",".join(part for part in text.split(",") if part.partition("~")[0] != name)


def _quoted_end(end: str) -> str:
    return quote(end, safe="").replace("~", "%7E")
