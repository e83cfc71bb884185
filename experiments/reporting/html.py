"""One self-contained page by Jinja."""

import shlex
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from experiments.reporting.figures.sheet import Picture
from experiments.reporting.phrases import CAVEAT
from experiments.results import Subject, described, title

VOID = frozenset({"img", "br", "hr", "meta"})


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def html(child: Any) -> str:
    """Return a child as HTML: text is escaped, None is nothing, a list is its parts."""
    if child is None:
        return ""
    if isinstance(child, Html):
        return child
    if isinstance(child, (list, tuple)):
        return "".join(html(part) for part in child)
    return escape(str(child))


def el(tag: str, *children: Any, **attributes: Any) -> Html:
    """Return an element; `class_` stands for class, `_` for a dash, None and False for no attribute.

    >>> el("p", "1 < 2", class_="note")
    '<p class="note">1 &lt; 2</p>'
    """
    words = "".join(_attribute(name, value) for name, value in attributes.items())
    inner = "".join(html(child) for child in children)
    return Html(f"<{tag}{words}>") if tag in VOID else Html(f"<{tag}{words}>{inner}</{tag}>")


def _attribute(name: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    key = name.rstrip("_").replace("_", "-")
    return f" {key}" if value is True else f' {key}="{value if isinstance(value, Html) else escape(str(value))}"'


def join(parts: Iterable[Any]) -> Html:
    """Return parts one after the other."""
    return Html("".join(html(part) for part in parts))


def paragraphs(*sentences: str, class_: str | None = None) -> Html:
    """Return a paragraph for each text that is not empty."""
    return join(el("p", text, class_=class_) for text in sentences if text)


def items(parts: Iterable[Any], **attributes: Any) -> Html:
    """Return an unordered list."""
    return el("ul", *(el("li", part) for part in parts), **attributes)


def svg_source(svg: str) -> Html:
    """Return an SVG document as a data address that needs no network."""
    compact = " ".join(svg[svg.index("<svg") :].split()).replace('"', "'")
    for letter, code in (("%", "%25"), ("#", "%23"), ("<", "%3C"), (">", "%3E"), ("&", "%26")):
        compact = compact.replace(letter, code)
    return Html(f"data:image/svg+xml,{compact}")


def table(
    caption: str, head: list[str], rows: Iterable[list[Any]], *, class_: str = "", numbers_from: int | None = 1
) -> Html:
    """Return a real table: caption, a header cell for each column and row; the head's words label cells on a phone.

    Columns from `numbers_from` on (the first is 0) hold numbers; None: no column does.
    """
    # Roles are said once more because a phone's layout takes the table's own away.
    numbers = len(head) if numbers_from is None else numbers_from
    body = [
        el(
            "tr",
            el("th", row[0], scope="row", role="rowheader"),
            *(
                el(
                    "td",
                    cell,
                    role="cell",
                    data_label=label,
                    class_="n" if k >= numbers else None,
                )
                for k, (label, cell) in enumerate(zip(head[1:], row[1:], strict=True), start=1)
            ),
            role="row",
        )
        for row in rows
    ]
    header = el("tr", *(el("th", word, scope="col", role="columnheader") for word in head), role="row")
    return el(
        "table",
        el("caption", caption),
        el("thead", header, role="rowgroup"),
        el("tbody", *body, role="rowgroup"),
        role="table",
    )


# Say where the numbers come from and how to get them again.


def origin(comparison: Subject) -> Html:
    """Return version, seeds, hashes, libraries, and the command that makes this report again."""
    manifest = comparison.manifest
    rows = [[name, value] for name, value in facts(manifest) if value not in (None, "", {})]
    hashes = [
        [title(comparison, name), kind, el("code", described(comparison, f"{kind}s", name).get("hash", "")[:16])]
        for kind, names in (("scenario", comparison.scenarios), ("route", comparison.routes))
        for name in names
        if described(comparison, f"{kind}s", name).get("hash")
    ]
    command = manifest.get("command")
    return join(
        [
            el("h2", "Where this comes from", id="origin"),
            table("Provenance", ["What", "Value"], rows, numbers_from=None),
            table("Content hashes of what was compared", ["Name", "Kind", "Hash"], hashes, numbers_from=None)
            if hashes
            else None,
            el("h3", "To get it again"),
            el("pre", el("code", command if isinstance(command, str) else shlex.join(map(str, command))))
            if command
            else None,
            el(
                "p",
                "The same command gives the same bits on the same platform; on another processor results agree to "
                "about 1e-9, and the fingerprint tells the difference.",
            ),
        ]
    )


def facts(manifest: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return what a manifest says of version, seeds, platform and libraries; what it does not say is None or empty."""
    seeds, libraries = manifest.get("seeds") or {}, manifest.get("libraries") or {}
    commit = manifest.get("commit")
    changed = " with changes that were not committed" if manifest.get("uncommitted_changes") else ""
    return [
        ("Version", f"behaviours {manifest['version']}" if manifest.get("version") else None),
        ("Commit", f"{commit}{changed}" if commit else None),
        ("Seeds", f"{seeds['first']} to {seeds['last']}, the same for every route" if "first" in seeds else None),
        ("Replicates", manifest.get("replicates")),
        ("Replicates under pressures", manifest.get("replicates_under_pressures") or None),
        ("Replicates under structures", manifest.get("replicates_under_structures") or None),
        ("Platform fingerprint", manifest.get("fingerprint")),
        ("Platform", manifest.get("platform")),
        ("Python", manifest.get("python")),
        ("Libraries", ", ".join(f"{name} {version}" for name, version in libraries.items())),
        ("Written", manifest.get("written")),
    ]


# Put a report's parts together as one page that needs no network and no other file.


FOLDER = Path(__file__).parent / "templates"


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


# Tell of one place at length: figures, each with its numbers, and tables.


def anchor(scenario: str) -> str:
    """Return the address of a place's section inside the page."""
    return "place-" + "".join(letter if letter.isalnum() else "-" for letter in scenario)


def figure(picture: Picture, numbers: Html | None = None) -> Html:
    """Return a picture with its words and, folded away, the numbers behind it (the picture's own unless given)."""
    words = f"{picture.title}. {picture.alt}"
    image = el("img", src=svg_source(picture.svg), alt=words, loading="lazy", **size(picture))
    behind = numbers_of(picture) if numbers is None else numbers
    caption = el("figcaption", picture.caption)
    return join([el("figure", image, caption), folded("The numbers behind this figure", behind)])


def numbers_of(picture: Picture) -> Html:
    """Return the table behind a picture."""
    rows = [list(row) for row in picture.table.iter_rows()]
    return table(f"Numbers behind the figure: {picture.title}", picture.table.columns, rows)


def size(picture: Picture) -> dict[str, str]:
    """Return width and height of a picture, so that the page does not jump while it is drawn."""
    width, height = picture.figure.get_size_inches()
    return {"width": f"{96 * width:.0f}", "height": f"{96 * height:.0f}"}


def folded(words: str, *children: Html) -> Html:
    """Return something to unfold."""
    return el("details", el("summary", words), *children)
