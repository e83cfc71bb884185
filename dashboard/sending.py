"""Send what pages are told: many small messages in one write, by the thread that owns the connection.

Solara's own quick way writes to the number of an open file from any thread. Once a connection has closed, the number
is another visitor's; and a visitor who stops reading holds up everybody. Here a thread only leaves its messages.
"""

import asyncio
import threading
from typing import Any, Optional

from solara.server import sync_ws_write
from websockets.protocol import State

MOST_UNREAD = 16 * 2**20
"""Bytes that wait for a visitor who reads too slowly, beyond which the connection is cut; the page then reconnects."""

MOST_WRAPPED = 10


class Sender(sync_ws_write.SyncFrameWriter):  # type: ignore[misc]
    """Send one connection's messages, from any thread, in their order."""

    def __init__(self, protocol: Any) -> None:
        self.protocol = protocol
        self.loop = asyncio.get_running_loop()
        self.lock = threading.Lock()
        self.waiting: list[str | bytes] = []

    @classmethod
    def try_create(cls, ws: Any) -> Optional["Sender"]:
        """Return the sender of a connection; None where its server is another than uvicorn's sans-I/O one.

        Messages then take Solara's usual, slower way.
        """
        protocol = protocol_of(getattr(ws, "_send", None))
        return cls(protocol) if protocol is not None else None

    def send_text(self, data: str) -> None:
        """Leave a text to be sent. Raises ConnectionResetError where the connection has ended."""
        self._leave(data)

    def send_bytes(self, data: bytes) -> None:
        """Leave bytes to be sent. Raises ConnectionResetError where the connection has ended."""
        self._leave(data)

    @property
    def _is_open(self) -> bool:
        return self.protocol.conn.state is State.OPEN and not self.protocol.transport.is_closing()

    def _leave(self, message: str | bytes) -> None:
        if not self._is_open:
            raise ConnectionResetError
        with self.lock:
            self.waiting.append(message)
            is_first = len(self.waiting) == 1
        if is_first:
            try:
                self.loop.call_soon_threadsafe(self._send)
            except RuntimeError:  # the server is stopping
                raise ConnectionResetError from None

    def _send(self) -> None:
        """Write all that waits; runs in the connection's own thread, as everything that opens or closes it."""
        with self.lock:
            messages, self.waiting = self.waiting, []
        if not self._is_open:
            return
        connection = self.protocol.conn
        for message in messages:
            if isinstance(message, str):
                connection.send_text(message.encode())
            else:
                connection.send_binary(message)
        self.protocol.transport.write(b"".join(connection.data_to_send()))
        if self.protocol.transport.get_write_buffer_size() > MOST_UNREAD:
            self.protocol.transport.abort()


def protocol_of(send: Any, depth: int = 0) -> Any:
    """Return uvicorn's connection behind what an application sends by, however often that is wrapped; None if other."""
    owner = getattr(send, "__self__", None)
    if hasattr(owner, "conn") and hasattr(owner, "transport"):
        return owner
    inner = [cell.cell_contents for cell in getattr(send, "__closure__", None) or () if depth < MOST_WRAPPED]
    found = (protocol_of(one, depth + 1) for one in inner if callable(one))
    return next((one for one in found if one is not None), None)


def send_safely() -> None:
    """Have Solara send by `Sender`."""
    sync_ws_write.SyncFrameWriter = Sender
