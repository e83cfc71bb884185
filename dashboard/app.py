"""Put the pages under one roof: addresses, the shell around each page, what has to be told about the address."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import solara

from dashboard import saved_settings
from dashboard.address import PRIVATE
from dashboard.components import Box, Message
from dashboard.pages import PAGES
from dashboard.pages.your_place.shelf import LOOKING, Shelf, waits
from dashboard.pages.your_place.shelf import told as own_place
from dashboard.session import address, provide_session

NAME = "System behaviours"


@solara.component_vue("components/shell.vue", vuetify=False)
def _Shell(
    pages: list[dict[str, str]], path: str, address: str, title: str, lead: str, children: list[solara.Element],
    query: str, own: bool, most: int, file: dict[str, Any], said: dict[str, Any],
    event_save: Callable[[Any], None], event_load: Callable[[Any], None],
) -> None:  # fmt: skip
    pass


@solara.component
def Layout(children: list[solara.Element] = []) -> solara.Element:  # noqa: B006 (Solara calls it so)
    """Show a page inside the shell."""
    session = provide_session()
    file, set_file = solara.use_state({"number": 0}, key="file")
    said, set_said = solara.use_state({"number": 0, "address": "", "words": [], "wrong": False}, key="said")
    page = page_at(session.path)

    def save(_: Any) -> None:
        text = saved_settings.saved(session.settings, page.PATH)
        set_file({"number": int(file["number"]) + 1, "name": saved_settings.FILE, "text": text})

    def load(given: Any) -> None:
        found = saved_settings.loaded(given if isinstance(given, str) else "", [page.PATH for page in PAGES])
        wrong, there = found.settings is None, session.address
        if found.settings is not None:
            path = found.path or page.PATH
            there = address(path, found.settings)
            session.go(path, found.settings)
        words = list(found.notes) if wrong else [f"Loaded{', with this to say' * bool(found.notes)}.", *found.notes]
        set_said({"number": int(said["number"]) + 1, "address": there, "words": words, "wrong": wrong})

    shelf, chosen = Shelf(session), session.chosen
    if waits(session):
        told, children = [Message(LOOKING)], []
    else:
        notes = (*session.notes, *chosen.notes[1 if chosen.missing else 0 :])
        told = [Message(note, kind="wrong") for note in notes] + own_place(session, chosen.missing)
    return _Shell(
        pages=[{"path": p.PATH, "title": p.TITLE, "href": session.link(p.PATH)} for p in PAGES],
        path=page.PATH, address=session.address, title=page.TITLE, lead=page.LEAD,
        children=[shelf, Box(*told, kind="b-told"), *children],
        query=session.settings.to_query(whole=True), own=bool(PRIVATE.fullmatch(session.settings.place)),
        most=saved_settings.MOST_BYTES, file=file, said=said, event_save=save, event_load=load,
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
