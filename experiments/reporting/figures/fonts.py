"""Write every letter that some font of this machine has, and tell of those that none has, which become boxes."""

import logging
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from unicodedata import category

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findSystemFonts, fontManager, get_font
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text

FAMILY = "DejaVu Sans"
"""Comes with matplotlib, and so is everywhere the same."""
NOT_FOR_TEXT = ("Last Resort", "STIX", "cm")
"""How families begin that hold boxes, or signs of formulas at the places of letters."""
SHOWN = 12
"""Letters that a warning names."""
_unwritten: set[str] = set()
_has_looked = False


class LettersWarning(UserWarning):
    """No font of this machine has some letters of a figure."""


@contextmanager
def letters_told() -> Iterator[None]:
    """Say once, at the end, which letters of what was drawn no font has; matplotlib would warn at every one."""
    _unwritten.clear()
    log = logging.getLogger("matplotlib.font_manager")
    before = log.level
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+ ", category=UserWarning)
        log.setLevel(logging.ERROR)  # a font without a bold face is no news
        try:
            yield
        finally:
            log.setLevel(before)
    if _unwritten:
        letters = sorted(_unwritten)
        _unwritten.clear()
        more = f" and {len(letters) - SHOWN} more" if len(letters) > SHOWN else ""
        named = " ".join(f"{letter} (U+{ord(letter):04X})" for letter in letters[:SHOWN])
        words = (
            f"no font of this machine has {named}{more}: boxes stand for them in the figures. Install a font that has "
            "them, such as one of Noto's, and draw again"
        )
        warnings.warn(words, LettersWarning, stacklevel=2)


def write_all_letters(figure: Figure) -> None:
    """Let other installed fonts write what ours has no letters for, and note what none has."""
    for text in figure.findobj(Text):
        if not isinstance(text, Text) or (text.get_text().isascii() and text.get_text().isprintable()):
            continue
        text.set_text("".join(letter for letter in text.get_text() if not _is_mute(letter)))
        lacking = _lacking(text.get_text(), text.get_fontproperties())
        if lacking:
            names = _families(lacking)
            text.set_fontfamily([FAMILY, *names])
            _unwritten.update(letter for letter in lacking if not any(letter in _letters(name) for name in names))


def width(text: str, font: FontProperties) -> float:
    """Return how wide a text runs in a font, in points; a letter that no font has is as wide as it is high."""
    size, lacking = font.get_size_in_points(), _lacking(text, font)
    faces = [_face(font, family) for family in (FAMILY, *_families(lacking))]
    return sum(_advance(letter, faces, size) for letter in text)


def _advance(letter: str, faces: Iterable[FT2Font], size: float) -> float:
    for face in faces:
        if face.get_char_index(ord(letter)):
            face.set_size(size, 72)
            return face.load_char(ord(letter)).linearHoriAdvance / 65536
    return size


def _lacking(text: str, font: FontProperties) -> frozenset[str]:
    """Return the letters of a text that our font has not, in the weight and slant that it is written in."""
    if text.isascii():
        return frozenset()
    face = _face(font, FAMILY)
    return frozenset(letter for letter in set(text) if letter != "\n" and not face.get_char_index(ord(letter)))


def _is_mute(letter: str) -> bool:
    """Tell whether a letter is not seen itself: a control sign, a joiner, a variation selector."""
    return "\ufe00" <= letter <= "\ufe0f" or (category(letter) in ("Cc", "Cf") and letter != "\n")


def _families(letters: frozenset[str]) -> tuple[str, ...]:
    """Return families of this machine, as few as may be, that have as many of the letters as there are."""
    found: list[str] = []
    missing = set(letters)
    while missing:
        best = max(_others(), key=lambda name: len(missing & _letters(name)), default="")
        if missing & _letters(best):
            found.append(best)
            missing -= _letters(best)
        elif not _found_new_fonts():
            break
    return tuple(found)


def _face(font: FontProperties, family: str) -> FT2Font:
    properties = font.copy()
    properties.set_family(family)
    return get_font(fontManager.findfont(properties))


@cache
def _letters(family: str) -> frozenset[str]:
    """Return what a family can write; nothing where its file can't be read, or holds pictures of one size."""
    found: set[str] = set()
    for entry in fontManager.ttflist:
        if entry.name == family:
            with suppress(OSError, RuntimeError):
                face = FT2Font(entry.fname)
                found.update(map(chr, face.get_charmap()) if face.scalable else ())
    return frozenset(found)


def _others() -> list[str]:
    return sorted({entry.name for entry in fontManager.ttflist if not entry.name.startswith(NOT_FOR_TEXT)})


def _found_new_fonts() -> bool:
    """Look, once a process, for fonts that were installed after matplotlib made its list; tell whether there are."""
    global _has_looked
    if _has_looked:
        return False
    _has_looked = True
    known, before = {entry.fname for entry in fontManager.ttflist}, len(fontManager.ttflist)
    for path in sorted({*findSystemFonts()} - known):
        with suppress(Exception):  # a damaged font may raise anything, and is as good as none
            fontManager.addfont(path)
    return len(fontManager.ttflist) > before
