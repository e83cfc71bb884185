"""Write HTML as nested calls: what is text is escaped, what is HTML stays."""

from collections.abc import Iterable
from html import escape
from typing import Any

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
