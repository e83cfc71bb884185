"""Send what pages are told: many small messages in one write, by the thread that owns the connection.

Solara's own quick way writes to the number of an open file from any thread. Once a connection has closed, the number
is another visitor's; and a visitor who stops reading holds up everybody. Here a thread only leaves its messages.
"""

import asyncio
import threading
from typing import Any

from solara.server import sync_ws_write
from websockets.frames import Opcode
from websockets.legacy.framing import Frame
from websockets.protocol import State

MOST_UNREAD = 16 * 2**20
"""Bytes that wait for a visitor who reads too slowly, beyond which the connection is cut; the page then reconnects."""


class Sender(sync_ws_write.SyncFrameWriter):  # type: ignore[misc]
    """Send one connection's messages, from any thread, in their order."""

    def __init__(self, protocol: Any, sock_fd: int) -> None:
        self.protocol = protocol
        self.loop = asyncio.get_running_loop()
        self.lock = threading.Lock()
        self.waiting: list[Frame] = []

    def send_text(self, data: str) -> None:
        """Leave a text to be sent. Raises ConnectionResetError where the connection has ended."""
        self._leave(Frame(True, Opcode.TEXT, data.encode()))

    def send_bytes(self, data: bytes) -> None:
        """Leave bytes to be sent. Raises ConnectionResetError where the connection has ended."""
        self._leave(Frame(True, Opcode.BINARY, data))

    @property
    def _is_open(self) -> bool:
        return self.protocol.state is State.OPEN and not self.protocol.transport.is_closing()

    def _leave(self, frame: Frame) -> None:
        if not self._is_open:
            raise ConnectionResetError
        with self.lock:
            self.waiting.append(frame)
            is_first = len(self.waiting) == 1
        if is_first:
            try:
                self.loop.call_soon_threadsafe(self._send)
            except RuntimeError:  # the server is stopping
                raise ConnectionResetError from None

    def _send(self) -> None:
        """Write all that waits; runs in the connection's own thread, as everything that opens or closes it."""
        with self.lock:
            frames, self.waiting = self.waiting, []
        if not self._is_open:
            return
        parts: list[bytes] = []
        for frame in frames:
            frame.write(parts.append, mask=False, extensions=self.protocol.extensions)
        self.protocol.transport.write(b"".join(parts))
        if self.protocol.transport.get_write_buffer_size() > MOST_UNREAD:
            self.protocol.transport.abort()


def send_safely() -> None:
    """Have Solara send by `Sender`."""
    sync_ws_write.SyncFrameWriter = Sender
