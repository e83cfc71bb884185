"""Keep comparisons under names: each is what reproduces it, as an address does; all of them fit into the address."""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from dashboard.settings import DEFAULTS, Settings, from_query

MOST, LONGEST_NAME, LONGEST, LONGEST_UNPACKED = 6, 40, 6_000, 60_000
VERSION = "1"
ELSEWHERE = (
    "named", "organisation", "behaviour", "colour", "find", "mechanism", "decisions", "branch", "intent", "repeats",
    "sweep", "subject", "within", "axis", "point", "replicate",
)  # fmt: skip
"""Settings that are no comparison's: what other pages keep in the address."""
_PLAIN = -15
"""zlib's number for packing without a header of its own."""
UNREADABLE = "The named comparisons in this link can't be read: perhaps a part of it was cut off."


@dataclass(frozen=True)
class Named:
    """A comparison with a name, and the settings that bring it back."""

    name: str
    settings: Settings


def to_text(named: tuple[Named, ...]) -> str:
    """Return named comparisons as a text for an address; "" where there is none."""
    if not named:
        return ""
    content = json.dumps([[one.name, _bare(one.settings).to_query()] for one in named], ensure_ascii=False).encode()
    packer = zlib.compressobj(9, wbits=_PLAIN)
    packed = packer.compress(content) + packer.flush()
    mark = (zlib.crc32(content) & 0xFFFF).to_bytes(2, "big")
    return f"{VERSION}.{urlsafe_b64encode(mark + packed).decode().rstrip('=')}"


def from_text(text: str) -> tuple[Named, ...]:
    """Return the named comparisons that a text holds. Raises ValueError in words that can be shown."""
    if not text:
        return ()
    version, _, rest = text.partition(".")
    try:
        if version != VERSION or len(text) > LONGEST:
            raise ValueError
        data = urlsafe_b64decode(rest.encode("ascii") + b"=" * (-len(rest) % 4))
        unpacker = zlib.decompressobj(wbits=_PLAIN)
        content = unpacker.decompress(data[2:], LONGEST_UNPACKED)
        if not unpacker.eof or (zlib.crc32(content) & 0xFFFF).to_bytes(2, "big") != data[:2]:
            raise ValueError
        rows = json.loads(content.decode())
        return tuple(
            Named(str(name)[:LONGEST_NAME], _bare(from_query(str(query)).settings)) for name, query in rows[:MOST]
        )
    except (ValueError, TypeError, zlib.error, RecursionError):
        raise ValueError(UNREADABLE) from None


def with_named(named: tuple[Named, ...], name: str, settings: Settings) -> tuple[Named, ...]:
    """Return them with one more; one of the same name gives way."""
    one = Named(" ".join(name.split())[:LONGEST_NAME], _bare(settings))
    return (*(other for other in named if other.name != one.name), one)


def without_named(named: tuple[Named, ...], name: str) -> tuple[Named, ...]:
    """Return them without the one of a name."""
    return tuple(one for one in named if one.name != name)


def opened(one: Named, settings: Settings) -> Settings:
    """Return the settings of a named comparison, and of these what other pages keep in the address."""
    return one.settings.changed(**{name: getattr(settings, name) for name in ELSEWHERE})


def _bare(settings: Settings) -> Settings:
    """Return settings without what another page keeps in the address."""
    return settings.changed(**{name: DEFAULTS[name] for name in ELSEWHERE})
