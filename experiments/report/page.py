"""Put a report's parts together as one page that needs no network and no other file."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template

from experiments.report.html import Html, el, join
from experiments.wording import CAVEAT

FOLDER = Path(__file__).parent


def whole_page(words: str, contents: Sequence[tuple[str, str]], main: Sequence[Html], *, version: str) -> str:
    """Return a page: a heading, the caveat, contents as (anchor, words), the main parts, a footer."""
    caveat = el(
        "p",
        el("strong", f"{CAVEAT}."),
        " Almost every rate in this model is assumed, and a place is not its model. Nothing here is a verdict on a "
        "real place.",
    )
    links = el("ul", *(el("li", el("a", name, href=f"#{where}")) for where, name in contents))
    body = [
        el("header", el("h1", words), el("div", caveat, class_="caveat"), el("nav", links, aria_label="Contents")),
        el("main", *main),
        el("footer", el("p", f"{CAVEAT}. behaviours {version}, MIT licence.")),
    ]
    template = Template((FOLDER / "page.html").read_text(encoding="utf-8"))
    return template.substitute(
        title=escape(words),
        description=escape(f"{CAVEAT}. {words}"),
        generator=escape(f"behaviours {version}".strip()),
        style=(FOLDER / "style.css").read_text(encoding="utf-8"),
        body=join(body),
    )
