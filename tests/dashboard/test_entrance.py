"""Pages lie where the command says, whatever a request says of it, and every browser that asks is known again."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from dashboard.pages import PAGES
from dashboard.proxies import AddressError, networks_of, root_path_of
from experiments.cli.main import main
from experiments.errors import BAD_INPUT
from tests.dashboard.browsers import apart
from tests.dashboard.headless import Headless
from tests.dashboard.reverse_proxy import Proxy, proxied
from tests.dashboard.server_process import Served, serving, start
from tests.dashboard.test_server import ask, asked

pytestmark = pytest.mark.process

ROOT = "/tools/behaviours"
HEARSAY = {
    "X-Script-Name": "/elsewhere", "Script-Name": "/elsewhere", "X-Forwarded-Prefix": "/elsewhere",
    "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https",
    "Forwarded": "host=evil.example;proto=https", "X-Forwarded-For": "1.2.3.4",
}  # fmt: skip


@pytest.fixture(scope="module")
def below() -> Iterator[Served]:
    """A dashboard under a path of its own, which a proxy on this machine tells who asks."""
    with serving("--root-path", ROOT, "--name", "pages.example") as served:
        yield served


@pytest.fixture(scope="module")
def trusting() -> Iterator[Served]:
    """A dashboard that takes the word of a proxy on this machine."""
    with serving("--proxy", "127.0.0.1", "--name", "pages.example") as served:
        yield served


def without_nonce(text: str) -> str:
    return re.sub(r'nonce="[^"]*"', "", text)


@pytest.mark.parametrize("name", HEARSAY)
def test_nobody_who_asks_tells_where_the_pages_lie(served: Served, name: str) -> None:
    before = asked(served, "/words")
    told = asked(served, "/words", **{name: HEARSAY[name]})
    assert told.status == 200
    assert without_nonce(told.text) == without_nonce(before.text)
    assert "secure" not in told.cookie.lower()
    assert without_nonce(ask(served, "/words")[1]) == without_nonce(before.text)


def test_a_named_proxy_tells_the_path_name_and_scheme_of_one_request(trusting: Served) -> None:
    told = asked(trusting, "/words", **{"X-Forwarded-Prefix": ROOT, "X-Forwarded-Proto": "https",
                                        "X-Forwarded-Host": "pages.example"})  # fmt: skip
    assert f'href="{ROOT}/words"' in told.text
    assert f'solara.rootPath = "{ROOT}"' in told.text
    assert "; secure" in told.cookie.lower()
    assert f"path={ROOT};" in told.cookie.lower()
    assert ask(trusting, "/words", **{"X-Forwarded-Host": "evil.example"})[0] == 421
    for wrong in ("//evil.example", "/a/../b", "/a?b", '/"><script>', "https://evil.example"):
        assert 'href="/words"' in ask(trusting, "/words", **{"X-Script-Name": wrong})[1]
    plain = asked(trusting, "/words")  # nothing is remembered
    assert 'href="/words"' in plain.text
    assert "secure" not in plain.cookie.lower()


def test_pages_under_a_path_answer_with_it_and_without(below: Served) -> None:
    assert below.url.endswith(f"{ROOT}/")
    bare = replace(below, url=below.url.removesuffix(f"{ROOT}/"))
    for path in (f"{ROOT}/words", "/words"):
        found = asked(bare, path, **{"X-Script-Name": "/elsewhere"})
        assert found.status == 200
        assert f'href="{ROOT}/own/dashboard.css' in found.text
    for path, there in {"": "/", "/words/": "/words"}.items():
        assert asked(bare, f"{ROOT}{path}?seed=3").headers["location"] == f"{ROOT}{there}?seed=3"
    assert ask(bare, f"{ROOT}/no-such-page")[0] == ask(bare, f"{ROOT}-other/words")[0] == 404


def test_a_path_that_cannot_be_one_is_refused_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    for text, path in {"": "", "/": "", "tools": "/tools", "//a//": "/a", "/a.b/~c": "/a.b/~c"}.items():
        assert root_path_of(text) == path
    for text in ("/a b", "/a?b", "/..", "/a/./b", "/a//b", "/é", '/"'):
        with pytest.raises(AddressError, match="--root-path"):
            root_path_of(text)
    assert [str(one) for one in networks_of(["::1"])] == ["::1/128"]
    for option, value in {"--root-path": "/a b", "--proxy": "proxy.example"}.items():
        assert main(["dashboard", "--no-browser", "--port", "0", option, value]) == BAD_INPUT
        told = capsys.readouterr().err
        assert option in told
        assert value in told


def test_a_path_that_begins_like_a_page_is_refused_in_words() -> None:
    with pytest.raises(RuntimeError, match=r"--root-path: “/words/here” (?s:.*) take another"):
        start("--root-path", "/words/here")


def test_a_browser_that_drops_secure_cookies_is_let_in_at_localhost(served: Served) -> None:
    """As Safari does at http://localhost."""

    async def visit() -> None:
        async with Headless(replace(served, url=served.url.replace("127.0.0.1", "localhost")), "/words") as visitor:
            assert visitor.cookie
            assert visitor.complaints == []
            assert visitor.find(title="Words · System behaviours")

    apart(visit())


def test_who_was_known_by_solaras_other_cookie_still_is(served: Served) -> None:
    told = asked(served, "/words", Cookie="solara-session-id-lax=someone")
    assert "solara-session-id=someone" in told.cookie


@pytest.mark.browser
@pytest.mark.parametrize("strips", [True, False], ids=["path taken off", "path left"])
def test_all_pages_work_behind_a_proxy_under_a_path(below: Served, new_visitor: Any, strips: bool) -> None:
    """A request beside the path, for a page, a file or the connection, would be a complaint."""
    with proxied(below, Proxy(ROOT, strips=strips)) as outside:
        visitor = new_visitor(to=outside)
        tab = visitor.open("/?seed=3")
        for page in PAGES[1:] if strips else PAGES[-1:]:
            link = tab.get_by_role("navigation", name="Pages").get_by_role("link", name=page.TITLE, exact=True)
            assert link.evaluate("link => new URL(link.href).pathname") == ROOT + page.PATH
            link.click()
            tab.wait_for_url(re.compile(f"{ROOT}{page.PATH}\\?.*seed=3$"))
            tab.locator("h1", has_text=page.TITLE).wait_for()
        tab.go_back()
        tab.go_forward()
        tab.reload()
        tab.locator("h1", has_text=PAGES[-1].TITLE).wait_for()
        tab.get_by_role("button", name="Save, load, share").click()
        assert tab.get_by_label("Link to what you see").input_value().startswith(outside.url)


@pytest.mark.browser
def test_a_real_browser_without_secure_cookies_works_at_localhost(served: Served, new_visitor: Any) -> None:
    with proxied(served, Proxy(host="localhost", keeps_secure_cookies=False)) as outside:
        visitor = new_visitor(to=outside)
        tab = visitor.open("/?seed=3")
        assert [cookie["secure"] for cookie in visitor.context.cookies()] == [False]
        assert tab.locator("h1").inner_text() == PAGES[0].TITLE
