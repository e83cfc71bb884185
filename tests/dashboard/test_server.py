"""Nobody from outside gets in, and nobody inside gets at anything but the pages: asked of the real server by hand."""

import asyncio
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from email.message import Message
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

import psutil
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from dashboard.address import Settings, from_query, key
from dashboard.proxies import names_of
from dashboard.runs import chosen
from dashboard.server import SETTINGS
from dashboard.transport import Guard, same_site
from tests.dashboard.browsers import apart, path_and_query, settled, show
from tests.dashboard.headless import COOKIE, Headless
from tests.dashboard.server_process import COMMAND, Served, serving, start, stop

SECRET = "nobody outside may read this"


@pytest.fixture(scope="module")
def small() -> Iterator[Served]:
    """A dashboard for one visitor, which a proxy reaches by a name of its own."""
    with serving("--most-visitors", "1", "--name", "pages.example") as served:
        yield served


class Answer(NamedTuple):
    """What came back."""

    status: int
    text: str
    headers: Message
    cookie: str
    """What it gives to be kept."""


def ask(served: Served, path: str, *, method: str = "GET", **headers: str) -> tuple[int, str]:
    """Return status and text of an answer."""
    return asked(served, path, method=method, **headers)[:2]


def asked(served: Served, path: str, *, method: str = "GET", **headers: str) -> Answer:
    """Return an answer; the path is sent as it stands, without any tidying."""
    where = urlsplit(served.url)
    connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=20)
    connection.putrequest(method, path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.putheader("Content-Length", "0")
    with closing(connection):
        connection.endheaders()
        answer = connection.getresponse()
        cookie = "\n".join(answer.headers.get_all("set-cookie", []))
        return Answer(answer.status, answer.read().decode("utf-8", "replace"), answer.headers, cookie)


def test_by_default_only_this_machine_is_listened_to(served: Served) -> None:
    found = [one.laddr for one in psutil.Process(served.process.pid).net_connections() if one.status == "LISTEN"]
    assert [(address.ip, address.port) for address in found] == [("127.0.0.1", urlsplit(served.url).port)]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example", "[bad", ""])
def test_a_name_that_is_not_ours_is_refused_in_words(served: Served, host: str) -> None:
    asked = host.format(port=urlsplit(served.url).port)
    for path in ("/", "/own/dashboard.css", "/_solara/cdn/vue-grid-layout@1.0.2/dist/vue-grid-layout.min.js"):
        status, text = ask(served, path, Host=asked)
        assert status == 421
        assert "Not this address" in text
    with pytest.raises(InvalidStatus):
        apart(call(served, headers={"Host": asked} if asked else {"Host": "x"}))


def test_our_own_names_are_answered_and_those_of_a_proxy_once_told(small: Served) -> None:
    assert names_of("127.0.0.1") == frozenset({"127.0.0.1", "localhost", "::1"})
    assert names_of("0.0.0.0") is None
    assert "pages.example" in (names_of("0.0.0.0", ["Pages.Example"]) or ())
    assert ask(small, "/words", Host="Pages.example:443")[0] == 200
    assert ask(small, "/words", Host="localhost")[0] == 200
    assert ask(small, "/words", Host="other.example")[0] == 421


async def call(served: Served, *, headers: dict[str, str], kernel: str = "", tab: str = "1", origin: str = "") -> str:
    """Open a connection by hand and return what comes first once something is asked."""
    base = served.url.rstrip("/").replace("http", "ws", 1)
    address = f"{base}/jupyter/api/kernels/{kernel or uuid4()}/channels" + (f"?session_id={tab}" if tab else "")
    async with connect(address, additional_headers=headers, origin=Origin(origin) if origin else None) as connection:
        await connection.send('{"header": {"msg_id": "1", "msg_type": "kernel_info_request"}, "content": {}, '
                              '"parent_header": {}, "metadata": {}, "channel": "shell", "buffers": []}')  # fmt: skip
        return str(await asyncio.wait_for(connection.recv(), 20))


@pytest.mark.parametrize(
    ("headers", "tab", "origin"),
    [
        ({}, "1", ""),
        ({"Cookie": "other=1"}, "1", ""),
        ({"Cookie": f"{COOKIE}=someone"}, "", ""),
        ({"Cookie": f"{COOKIE}=someone"}, "1", "http://evil.example"),
        ({"Cookie": f"{COOKIE}=someone"}, "1", "null"),
        ({"Cookie": f"{COOKIE}=someone"}, "1", "http://127.0.0.1:1"),
    ],
)
def test_a_connection_from_elsewhere_or_without_a_session_is_refused(
    served: Served, headers: dict[str, str], tab: str, origin: str
) -> None:
    with pytest.raises(InvalidStatus):
        apart(call(served, headers=headers, tab=tab, origin=origin))


def test_nobody_gets_at_what_another_visitor_is_shown(served: Served) -> None:
    async def visit() -> None:
        async with Headless(served, "/words") as visitor:
            assert visitor.complaints == []
            stranger = {"Cookie": f"{COOKIE}={uuid4()}"}
            answer = await call(served, headers=stranger, kernel=visitor.kernel)
            assert answer.startswith("Session id mismatch")
            assert await visitor.update(visitor.find(title="Words · System behaviours")) < 20  # is still there

    apart(visit())


TRAVERSALS = [
    f"{root}/{step}"
    for root in ("/static", "/static/public", "/static/assets", "/own", "/_solara/cdn", "/jupyter/nbextensions", "")
    for step in ("{up}secret.txt", "{up_coded}secret.txt", "{up_twice}secret.txt", "{up_back}secret.txt", "/{whole}")
]


def steps(secret: Path) -> dict[str, str]:
    """Return ways to say "up to the root and from there to the folder of the file"."""
    folder = str(secret.parent).strip("/")
    ups = {"up": "../", "up_coded": "%2e%2e%2f", "up_twice": "%252e%252e%252f", "up_back": "..%5c"}
    return {name: 12 * up + folder + "/" for name, up in ups.items()} | {"whole": str(secret)}


@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_file_beside_those_of_the_pages_is_served(served: Served, tmp_path: Path, path: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    status, text = ask(served, path.format(**steps(secret)))
    assert SECRET not in text
    assert status == 404


def test_no_console_and_nothing_about_the_server_is_offered(served: Served) -> None:
    paths = ["/resourcez?verbose", "/readyz", "/_solara/api/evict/1?session_id=1", "/_solara/api/close/1", "/static/",
             "/own/", "/static/public/pyproject.toml", "/static/assets/pyproject.toml", "/_solara/cdn/",
             "/jupyter/nbextensions/", "/own/../web.py", "/dashboard/web.py", "/.git/config"]  # fmt: skip
    found = {path: {ask(served, path, method=method)[0] for method in ("GET", "POST")} for path in paths}
    assert {path: codes for path, codes in found.items() if not codes <= {404, 405}} == {}


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A file that nobody has any business with."""
    found = tmp_path / "trap.toml"
    found.write_text('title = "trap"\n')
    return found


_opened: list[str] = []
_listening: list[bool] = []


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if _listening and event in ("open", "os.listdir", "os.scandir"):
        _opened.append(str(arguments[0]))


sys.addaudithook(_hear)


@pytest.fixture
def opened(trap: Path) -> Iterator[list[str]]:
    """Names of the files and folders that Python opens during a test, once the trap is there."""
    assert trap.exists()
    _opened.clear()
    _listening.append(True)
    yield _opened
    _listening.clear()


@pytest.mark.parametrize("name", ["scenario", "place", "route", "pressure", "compare", "decisions", "organisation"])
def test_what_an_address_says_is_never_opened_as_a_path(name: str, trap: Path, opened: list[str]) -> None:
    """Python tells of every file it opens; none is what the address names."""
    for value in (str(trap), f"./{trap.name}", f"file://{trap}", os.path.relpath(trap), f"{trap}\0", str(trap.parent)):
        read = from_query(f"{key(name)}={value}")
        if name != "organisation":  # may be any short text, which only names a row
            assert getattr(read.settings, name) == getattr(Settings(), name)
            assert read.notes
        chosen(read.settings)
    assert [path for path in opened if trap.name in path or str(trap.parent) in path] == []


def test_more_than_may_be_sent_at_once_is_refused_and_the_server_stays(served: Served) -> None:
    async def send() -> None:
        base = served.url.rstrip("/").replace("http", "ws", 1)
        address = f"{base}/jupyter/api/kernels/{uuid4()}/channels?session_id=1"
        async with connect(address, additional_headers={"Cookie": f"{COOKIE}={uuid4()}"}) as connection:
            with pytest.raises(ConnectionClosed) as closed:
                await asyncio.gather(connection.send("x" * (33 * 2**20)), connection.recv())
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1009

    apart(send())
    assert ask(served, "/words")[0] == 200


def test_a_full_server_says_so_and_lets_in_again_who_is_here_already(small: Served) -> None:
    async def visit(served: Served) -> None:
        async with Headless(served, "/words") as first:
            status, text = await asyncio.to_thread(ask, served, "/?seed=7")
            assert status == 503
            assert "Full for the moment" in text
            assert 'href="/?seed=7"' in text
            assert (await asyncio.to_thread(ask, served, "/", Cookie=f"{COOKIE}={first.cookie}"))[0] == 200
        assert (await asyncio.to_thread(ask, served, "/words"))[0] == 200

    apart(visit(small))


def test_nothing_is_reported_to_anybody(served: Served) -> None:
    """Telemetry is off, and the server holds no connection but those of its visitors."""
    assert SETTINGS["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] == "False"
    assert ask(served, "/")[0] == 200
    others = [
        one.raddr
        for one in psutil.Process(served.process.pid).net_connections()
        if one.raddr and one.raddr.ip not in ("127.0.0.1", "::1")
    ]
    assert others == []


def test_every_script_of_a_page_carries_a_nonce_of_this_answer_alone(served: Served) -> None:
    seen = set()
    for address in ("/", "/?seed=3&x=<script>alert(1)</script>", "/decide"):
        answer = asked(served, address)
        policy = re.search(
            r"script-src 'self' 'nonce-([^']+)' 'unsafe-eval';", answer.headers["content-security-policy"]
        )
        assert policy is not None
        seen.add(policy[1])
        tags = re.findall(r"<script\b[^>]*>", answer.text)
        assert tags
        assert [tag for tag in tags if f'nonce="{policy[1]}"' not in tag] == []
        assert not re.search(r"<[^>]*\son\w+=", answer.text)
    assert len(seen) == 3
    for path in ("/own/dashboard.css", "/no-such-page"):
        assert "script-src 'self' 'unsafe-eval';" in asked(served, path).headers["content-security-policy"]


INJECTED = {
    "script": "const s = document.createElement('script'); s.textContent = 'window.hacked = 1'; "
              "document.body.append(s)",
    "script of another nonce": "const s = document.createElement('script'); s.nonce = 'x'; "
                               "s.textContent = 'window.hacked = 1'; document.body.append(s)",
    "handler": "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x onerror=window.hacked=1>')",
    "link": "const a = document.createElement('a'); a.href = 'javascript:window.hacked=1'; "
            "document.body.append(a); a.click()",
    "script in data": "const s = document.createElement('script'); s.src = 'data:,window.hacked=1'; "
                      "document.body.append(s)",
}  # fmt: skip


@pytest.mark.browser
def test_a_script_that_got_into_a_page_does_not_run(visitor: Any, tab: Any) -> None:
    """Each is refused by the browser, which says so; the page goes on working."""
    visitor.forgives = ("Content Security Policy", "404", "404: ")
    try:
        for name, script in INJECTED.items():
            with tab.expect_console_message(lambda message: "Content Security Policy" in message.text):
                tab.evaluate(f"() => {{ {script} }}")
            tab.wait_for_timeout(50)
            assert tab.evaluate("window.hacked") is None, name
        show(tab, "/")
    finally:
        visitor.forgives = ()


# The command that serves the pages: starts, says when it is full or can't, stops, and is found again.


def test_a_port_in_use_is_one_clear_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        arguments = [*COMMAND, "dashboard", "--no-browser", "--port", port]
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr.startswith(f"Error: can't listen on 127.0.0.1, port {port}")
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.browser
def test_a_full_server_says_so_ctrl_c_ends_it_and_a_page_finds_the_next(new_visitor: Any) -> None:
    first = start("--most-visitors", "1")
    assert first.said == ""  # no warning either
    visitor = new_visitor(to=first)
    visitor.forgives = ("ERR_CONNECTION",)  # while nothing answers, the browser can't but say so
    tab = visitor.open("/?scenario=gateshead&seed=1000007")
    before = tab.locator("main").inner_text()
    tab.evaluate("window.before = true")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(first.at("/decide?seed=1&x=<b>"), timeout=10)
    assert refused.value.code == 503
    words = refused.value.read().decode()
    assert "Full for the moment" in words
    assert "<b>" not in words
    first.process.send_signal(signal.SIGINT)
    said = first.process.communicate(timeout=20)[1]
    assert first.process.returncode == 130
    assert "Traceback" not in said
    again = start("--most-visitors", "1", port=int(first.url.rstrip("/").rsplit(":", 1)[1]))
    try:
        tab.wait_for_function("!window.before", timeout=30_000)
        assert settled(tab).locator("main").inner_text() == before
        assert path_and_query(tab) == "/?scenario=gateshead&seed=1000007"
        tab.get_by_label("Route").select_option("none")
        tab.wait_for_function("location.search.includes('route=none')")
    finally:
        stop(again)


def test_nothing_is_told_of_the_server_itself_or_of_files_beside_it(served: Served) -> None:
    for path in ("/resourcez", "/readyz", "/own/../web.py", "/_solara/cdn/../../../etc/passwd", "/_solara/cdn/x.js"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(served.at(path), timeout=5)
        assert refused.value.code == 404


def test_a_page_may_load_nothing_from_elsewhere(served: Served) -> None:
    answer = urllib.request.urlopen(served.at("/"), timeout=10)
    policy, text = answer.headers["content-security-policy"], answer.read().decode()
    assert "default-src 'self'" in policy
    assert "http" not in policy
    assert "cdn.jsdelivr" not in text
    assert "mixpanel" not in text
    assert "user-scalable=no" not in text


@pytest.mark.parametrize(
    ("origin", "allowed"), [(None, True), (b"http://127.0.0.1:8765", True), (b"http://evil.example", False)]
)
def test_only_our_own_pages_connect(origin: bytes | None, allowed: bool) -> None:
    headers = [(b"host", b"127.0.0.1:8765"), (b"cookie", b"solara-session-id=1")]
    headers += [(b"origin", origin)] if origin else []
    scope = {"type": "websocket", "headers": headers, "query_string": b"session_id=2"}
    assert same_site(scope) is allowed
    sent = []

    async def app(*_: Any) -> None:
        sent.append("app")

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message["type"])

    coroutine = Guard(app, 1)(scope, receive, send)
    with pytest.raises(StopIteration):
        coroutine.send(None)
    assert sent == (["app"] if allowed else ["websocket.close"])
