"""The command that serves the pages: starts, says when it is full or can't, stops, and is found again."""

import signal
import socket
import subprocess
import urllib.error
import urllib.request
from typing import Any

import pytest

from dashboard.web import Guard, same_site
from tests.dashboard.browsing import path_and_query, settled
from tests.dashboard.serving import COMMAND, Served, start, stop


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
