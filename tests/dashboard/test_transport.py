"""The server is killed under an open page and started again: the page says so in words, and comes back as it was."""

import asyncio
import re
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import expect
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from dashboard import transport
from dashboard.server import listen
from dashboard.transport import Sender
from tests.dashboard.browsers import apart, check_accessible, path_and_query, settled
from tests.dashboard.server_process import start, stop

pytestmark = pytest.mark.browser


def test_a_page_whose_server_was_killed_says_so_and_comes_back_as_it_was(new_visitor: Any) -> None:
    killed = start()
    visitor = new_visitor(to=killed)
    visitor.forgives = ("ERR_CONNECTION",)  # while nothing answers, the browser can't but say so
    tab = visitor.open("/?scenario=gateshead&month=24")
    exact = tab.get_by_label("Luck: seed, exact value")
    exact.fill("1000007")
    exact.press("Enter")
    tab.wait_for_function("location.search.includes('seed=1000007')")
    before, address = settled(tab).locator("main").text_content(), path_and_query(tab)
    tab.evaluate("window.before = true")
    killed.process.kill()
    killed.process.communicate(timeout=20)
    told = tab.get_by_role("alert").filter(has_text="No answer from the dashboard")
    expect(told).to_be_visible(timeout=30_000)
    expect(told).to_contain_text(re.compile(r"comes back as it was.*behaviours dashboard.*reload the page", re.DOTALL))
    check_accessible(tab)
    again = start(port=int(killed.url.rstrip("/").rsplit(":", 1)[1]))
    try:
        tab.wait_for_function("!window.before", timeout=60_000)
        assert settled(tab).locator("main").text_content() == before
        assert path_and_query(tab) == address
        expect(told).to_have_count(0)
        exact.fill("1000008")
        exact.press("Enter")
        tab.wait_for_function("location.search.includes('seed=1000008')")
        assert settled(tab).locator("main").text_content() != before
        tab.go_back()
        tab.wait_for_function("location.search.includes('seed=1000007')")
        assert settled(tab).locator("main").text_content() == before
    finally:
        stop(again)


# What a page is told goes to that page alone, together, in order, and never to whoever connects next.


Client = Callable[[str, list[Any]], Coroutine[Any, Any, None]]


def serve_while(client: Client) -> None:
    """Run a real server whose connections hand over their senders, and a client beside it."""
    senders: list[Any] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        connection = WebSocket(scope, receive, send)
        await connection.accept()
        senders.append(Sender.try_create(connection))
        try:
            while True:
                await connection.receive_text()
        except WebSocketDisconnect:
            pass

    async def both() -> None:
        listening = listen("127.0.0.1", 0)
        config = uvicorn.Config(application, ws="websockets-sansio", lifespan="off", log_level="critical",
                                loop="asyncio", ws_per_message_deflate=False)  # fmt: skip
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            await client(f"ws://127.0.0.1:{listening.getsockname()[1]}", senders)
        finally:
            server.should_exit = True
            await running

    apart(both())


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not happened():
            await asyncio.sleep(0.005)


def test_messages_of_several_threads_come_whole_and_each_threads_in_order() -> None:
    async def client(address: str, senders: list[Any]) -> None:
        async with connect(address, max_size=None) as connection:
            await until(lambda: bool(senders))

            def tell(who: int) -> None:
                for k in range(200):
                    senders[0].send_text(f"{who} {k} " + "x" * (k * 37))

            threads = [threading.Thread(target=tell, args=(who,)) for who in range(4)]
            for thread in threads:
                thread.start()
            found = [str(await connection.recv()).split(" ") for _ in range(800)]
            for thread in threads:
                thread.join()
            senders[0].send_bytes(b"\0\1")
            assert await connection.recv() == b"\0\1"
        for who in range(4):
            assert [(int(k), len(text)) for one, k, text in found if one == str(who)] == [
                (k, k * 37) for k in range(200)
            ]

    serve_while(client)


def test_what_is_told_to_one_who_left_does_not_reach_who_connects_next() -> None:
    async def client(address: str, senders: list[Any]) -> None:
        async with connect(address):
            await until(lambda: bool(senders))
            left = senders[0]
            before = left.protocol.transport.get_extra_info("socket").fileno()
        await until(lambda: left.protocol.transport.get_extra_info("socket").fileno() == -1)
        async with connect(address) as second:
            await until(lambda: len(senders) == 2)
            now = senders[1].protocol.transport.get_extra_info("socket").fileno()
            assert now == before  # the same number of an open file: what made the mistake possible
            with pytest.raises(ConnectionResetError):
                await asyncio.to_thread(left.send_text, "meant for the first")
            senders[1].send_text("meant for the second")
            assert await second.recv() == "meant for the second"

    serve_while(client)


def test_one_who_does_not_read_is_cut_off_and_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MOST_UNREAD", 2**20)

    async def client(address: str, senders: list[Any]) -> None:
        async with connect(address, max_queue=1, max_size=None) as stalled, connect(address) as other:
            await until(lambda: len(senders) == 2)
            first, second = senders

            async def tell() -> None:
                for _ in range(100):
                    first.send_text("x" * 2**20)
                    second.send_text("still here")
                    assert await other.recv() == "still here"

            async def read_on() -> None:
                while True:
                    await stalled.recv()

            with pytest.raises(ConnectionResetError):
                await tell()
            with pytest.raises(ConnectionClosed):
                await read_on()

    serve_while(client)
