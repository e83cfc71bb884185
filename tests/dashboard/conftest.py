"""Offer a running dashboard and visitors to it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from tests.browser import chromium
from tests.dashboard.browsers import DESKTOP, Visitor, show
from tests.dashboard.server_process import Served, serving


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """One dashboard for all tests of a process; a visitor leaves nothing behind for the next."""
    with serving() as dashboard:
        yield dashboard


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


NewVisitor = Callable[..., Visitor]


def complaints_of(visitors: list[Visitor]) -> list[str]:
    return [complaint for visitor in visitors for complaint in visitor.complaints]


@pytest.fixture
def new_visitor(browser: Any, served: Served) -> Iterator[NewVisitor]:
    """Make visitors apart from one another, `new_visitor(size=PHONE)`: each with a browser that has seen nothing yet.

    The test fails if a page of theirs asked outside, missed a file or complained.
    """
    visitors: list[Visitor] = []
    with ExitStack() as contexts:

        def make(*, size: tuple[int, int] = DESKTOP, to: Served | None = None, **options: Any) -> Visitor:
            context = contexts.enter_context(browsing(browser, size, **options))
            visitors.append(Visitor(context, to or served))
            return visitors[-1]

        yield make
    assert complaints_of(visitors) == []


@contextmanager
def browsing(browser: Any, size: tuple[int, int], **options: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
    context.set_default_timeout(30_000)
    try:
        yield context
    finally:
        context.close()


@pytest.fixture(scope="package")
def regular(browser: Any, served: Served) -> Iterator[Visitor]:
    with browsing(browser, DESKTOP) as context:
        yield Visitor(context, served)


@pytest.fixture(scope="package")
def first_tab(regular: Visitor) -> Any:
    return regular.open("/words")


@pytest.fixture
def visitor(regular: Visitor, first_tab: Any) -> Iterator[Visitor]:
    """A visitor at a desk who has been here before: open tabs with `visitor.open(address)`; a load takes 1-2 s."""
    regular.complaints.clear()
    yield regular
    for tab in regular.context.pages:
        if tab is not first_tab:
            tab.close()
    assert complaints_of([regular]) == []


@pytest.fixture
def tab(visitor: Visitor, first_tab: Any) -> Any:
    """A tab that is open already, which costs little: `show(tab, address)` goes anywhere from there."""
    first_tab.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    return show(first_tab, "/words")
