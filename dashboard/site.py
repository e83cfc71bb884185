"""Put the pages under one roof: addresses, the shell around each page, what has to be told about the address."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import solara

from dashboard.components import Box, Message
from dashboard.pages import PAGES
from dashboard.session import provide_session

NAME = "System behaviours"


@solara.component_vue("components/shell.vue", vuetify=False)
def _Shell(
    pages: list[dict[str, str]], path: str, address: str, title: str, lead: str, children: list[solara.Element]
) -> None:
    pass


@solara.component
def Layout(children: list[solara.Element] = []) -> solara.Element:  # noqa: B006 (Solara calls it so)
    """Show a page inside the shell."""
    session = provide_session()
    page = page_at(session.path)
    told = [Message(note, kind="wrong") for note in (*session.notes, *session.chosen.notes)]
    return _Shell(
        pages=[{"path": p.PATH, "title": p.TITLE, "href": session.link(p.PATH)} for p in PAGES],
        path=page.PATH, address=session.address, title=page.TITLE, lead=page.LEAD,
        children=[Box(*told, kind="b-told"), *children],
    )  # fmt: skip


def page_at(path: str) -> ModuleType:
    """Return the page at a path, the first where there is none."""
    return next((page for page in PAGES if path == page.PATH), PAGES[0])


def _route(page: ModuleType) -> solara.Route:
    component: Callable[..., Any] = page.Page
    path = page.PATH.strip("/") or "/"
    layout = Layout if path == "/" else None  # the first page's stands around all
    return solara.Route(path, component=component, label=f"{page.TITLE} · {NAME}", layout=layout)


routes = [_route(page) for page in PAGES]
