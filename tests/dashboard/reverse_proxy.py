"""Stand between a browser and the dashboard, as a small reverse proxy of real sockets."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from threading import Thread
from urllib.parse import urlsplit

from tests.dashboard.server_process import Served

SECURE = re.compile(rb"set-cookie:[^\r\n]*;\s*secure\b[^\r\n]*\r\n", re.IGNORECASE)


@dataclass(frozen=True)
class Proxy:
    """What a proxy changes on the way."""

    prefix: str = ""
    """Asked for before each path; taken off where `strips`."""
    strips: bool = True
    host: str = ""
    """Told the dashboard as the name that was asked for."""
    keeps_secure_cookies: bool = True
    """False: such cookies never arrive, as Safari drops them on a connection that is not secure."""

    def request(self, head: bytes) -> bytes:
        """Return the first lines of a request as they are passed on."""
        first, rest = head.split(b"\r\n", 1)
        method, path, version = first.split(b" ")
        if self.strips and path.startswith(self.prefix.encode()):
            path = path[len(self.prefix) :] or b"/"
        if self.host:
            rest = re.sub(rb"(?im)^(host: *|origin: *http://)[^:\r\n]*", rb"\g<1>" + self.host.encode(), rest)
        if b"upgrade: websocket" not in rest.lower():
            rest = re.sub(rb"(?im)^connection:.*\r\n", b"", rest).replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n")
        return b" ".join((method, path, version)) + b"\r\n" + rest

    def answer(self, head: bytes) -> bytes:
        """Return the first lines of an answer as they are passed on."""
        return head if self.keeps_secure_cookies else SECURE.sub(b"", head)


@contextmanager
def proxied(served: Served, proxy: Proxy) -> Iterator[Served]:
    """Offer the dashboard at another port, under the proxy's prefix."""
    where = urlsplit(served.url)
    behind = (str(where.hostname), int(where.port or 80))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        Thread(target=_accept, args=(listening, behind, proxy), daemon=True).start()
        yield replace(served, url=f"http://127.0.0.1:{listening.getsockname()[1]}{proxy.prefix}/")


def _accept(listening: socket.socket, behind: tuple[str, int], proxy: Proxy) -> None:
    with suppress(OSError):  # the listening ends with the test
        while True:
            Thread(target=_serve, args=(listening.accept()[0], behind, proxy), daemon=True).start()


def _serve(browser: socket.socket, behind: tuple[str, int], proxy: Proxy) -> None:
    with suppress(OSError), browser, socket.create_connection(behind) as dashboard:
        head, body = _head(browser)
        if not head:
            return
        dashboard.sendall(proxy.request(head) + body)
        onward = Thread(target=_pass_on, args=(browser, dashboard), daemon=True)
        onward.start()
        head, body = _head(dashboard)
        browser.sendall(proxy.answer(head) + body)
        _pass_on(dashboard, browser)
        onward.join(5)


def _head(source: socket.socket) -> tuple[bytes, bytes]:
    """Return the first lines up to the empty one, and what came with them."""
    got = b""
    while b"\r\n\r\n" not in got:
        if not (part := source.recv(65536)):
            return b"", got
        got += part
    head, body = got.split(b"\r\n\r\n", 1)
    return head + b"\r\n\r\n", body


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)
