"""Save a figure as SVG and PNG with its provenance inside the file, the same bytes every time."""

import io
import re
from html import escape
from pathlib import Path

from experiments.figures.sheet import Picture
from experiments.figures.style import house_style
from experiments.wording import CAVEAT

CREATOR = "behaviours"
RIGHTS = "MIT licence"
LONG = re.compile(r"-?\d+\.\d{3,}")
"""Coordinates longer than anyone can see."""
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def svg_text(picture: Picture) -> str:
    """Return a figure as an SVG document with a title, a description and Dublin Core metadata; no date."""
    buffer = io.StringIO()
    with house_style():
        picture.figure.savefig(
            buffer,
            format="svg",
            metadata={
                "Title": picture.title,
                "Description": f"{CAVEAT}. {picture.alt}",
                "Source": picture.provenance,
                "Identifier": picture.stem,
                "Creator": CREATOR,
                "Rights": RIGHTS,
                "Language": "en-GB",
                "Keywords": ["agent-based model", "simulation"],
                "Date": None,
            },
        )
    return NOT_IN_XML.sub("", _named(buffer.getvalue(), picture))


def _named(svg: str, picture: Picture) -> str:
    """Give the SVG a role and an accessible name, and drop the comments that repeat its text."""
    svg = re.sub(r"\s*<!-- .*? -->", "", svg, flags=re.DOTALL)
    svg = re.sub(r' d="[^"]*"', lambda path: LONG.sub(_short, path[0]), svg)
    words = f"<title>{escape(picture.title)}</title>\n <desc>{escape(picture.alt)}</desc>"
    return re.sub(r"(<svg [^>]*)>", lambda m: f'{m[1]} role="img">\n {words}', svg, count=1)


def _short(match: re.Match[str]) -> str:
    """Return a coordinate with two decimals: a hundredth of a point is not seen."""
    return f"{float(match[0]):.2f}".rstrip("0").rstrip(".")


def png_bytes(picture: Picture) -> bytes:
    """Return a figure as a PNG with its provenance in text chunks."""
    buffer = io.BytesIO()
    with house_style():
        picture.figure.savefig(
            buffer,
            format="png",
            metadata={
                "Title": picture.title,
                "Description": f"{CAVEAT}. {picture.alt}",
                "Source": picture.provenance,
                "Software": CREATOR,
                "Copyright": RIGHTS,
            },
        )
    return buffer.getvalue()


def save(picture: Picture, folder: Path) -> list[Path]:
    """Write a figure as SVG and PNG into a folder; return the two paths."""
    svg, png = folder / f"{picture.stem}.svg", folder / f"{picture.stem}.png"
    svg.write_text(picture.svg, encoding="utf-8")
    png.write_bytes(png_bytes(picture))
    return [svg, png]
