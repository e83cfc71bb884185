"""Visit the dashboard as a page's script does, without a browser: load the page, open its connection, move things."""

import asyncio
import json
import time
import urllib.request
from http.cookies import SimpleCookie
from types import TracebackType
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import connect
from websockets.typing import Origin

from tests.dashboard.server_process import Served

PATIENCE = 60.0
COOKIE = "solara-session-id"
DRAWN = "drawn"


class Headless:
    """One visitor with one page; `async with Headless(served, address) as visitor` loads it and leaves it again."""

    def __init__(self, served: Served, address: str = "/", *, cookie: str = "", draws: bool = True) -> None:
        self.served, self.address, self.cookie, self.draws = served, address, cookie, draws
        self.kernel, self.page = str(uuid4()), str(uuid4())
        self.widgets: dict[str, dict[str, Any]] = {}
        """What the page shows: the state of each widget, by id."""
        self.complaints: list[str] = []

    async def __aenter__(self) -> "Headless":
        await asyncio.to_thread(self._load)
        base = self.served.url.rstrip("/")
        self._connection = await connect(
            f"{base.replace('http', 'ws', 1)}/jupyter/api/kernels/{self.kernel}/channels?session_id={self.page}",
            additional_headers={"Cookie": f"{COOKIE}={self.cookie}"},
            origin=Origin(base),
            compression=None,
            max_size=None,
        )
        await self._send("kernel_info_request", {})
        control = uuid4().hex
        await self._send("comm_open", {"comm_id": control, "target_name": "solara.control", "data": {}})
        run = {"path": self.address, "dark": False, "themes": {"light": {}, "dark": {}}, "appName": None}
        await self._send("comm_msg", {"comm_id": control, "data": {"method": "run", "args": run}})
        if self.draws:
            await self.draw()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.leave()

    async def leave(self) -> None:
        """Close the page, and say so as a browser does."""
        await self._connection.close()
        await asyncio.to_thread(self._say_goodbye)

    async def draw(self) -> None:
        """Say that the first screen is drawn, as the page's script does; the rest of a page then comes."""
        for waits in [known for known, state in self.widgets.items() if DRAWN in (state.get("events") or ())]:
            await self.tell(waits, DRAWN, None)

    async def catch_up(self) -> None:
        """Take in what has come meanwhile."""
        await self._send("kernel_info_request", {})

    def find(self, **state: Any) -> str:
        """Return the id of the widget with this state. Raises LookupError."""
        for identity, known in self.widgets.items():
            if all(known.get(name) == value for name, value in state.items()):
                return identity
        msg = f"no widget has {state}"
        raise LookupError(msg)

    def state(self, **state: Any) -> dict[str, Any]:
        """Return what is shown by the widget with this state."""
        return self.widgets[self.find(**state)]

    async def tell(self, widget: str, event: str, value: Any, *, awaited: str = "") -> float:
        """Have something happen to a widget; return the seconds until all that follows has come.

        `awaited` is the kind of widget that ends it instead, made or changed.
        """
        data = {"method": "custom", "content": {"event": event, "data": value}}
        return await self._send("comm_msg", {"comm_id": widget, "data": data}, awaited=awaited)

    async def update(self, widget: str, **state: Any) -> float:
        """Give a widget another state, as controls that are Vuetify's own do."""
        data = {"method": "update", "state": state, "buffer_paths": []}
        return await self._send("comm_msg", {"comm_id": widget, "data": data})

    async def _send(self, kind: str, content: dict[str, Any], *, awaited: str = "") -> float:
        """Send a message; return the seconds until all that was done for it has come, or news of a kind of widget."""
        identity, begin = uuid4().hex, time.perf_counter()
        header = {"msg_id": identity, "msg_type": kind, "session": self.page, "username": "", "version": "5.2"}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        await self._connection.send(json.dumps(message | {"buffers": []}))
        async with asyncio.timeout(PATIENCE):
            while not self._is_end(self._take(await self._connection.recv()), identity, awaited):
                pass
        return time.perf_counter() - begin

    def _take(self, frame: str | bytes) -> dict[str, Any]:
        """Take in a message: what is shown now, or what went wrong."""
        message: dict[str, Any] = json.loads(frame if isinstance(frame, str) else _text_of(frame))
        kind, content = message["header"]["msg_type"], message["content"]
        if kind in ("error", "stream"):
            self.complaints.append(str(content))
        data = content.get("data")
        state = data.get("state", {}) if isinstance(data, dict) else {}
        if kind == "comm_open":
            self.widgets[content["comm_id"]] = dict(state)
        elif kind == "comm_msg" and content["comm_id"] in self.widgets:
            self.widgets[content["comm_id"]].update(state)
        elif kind == "comm_close":
            self.widgets.pop(content["comm_id"], None)
        if "Traceback" in str(state):
            self.complaints.append(str(state))
        return message

    def _is_end(self, message: dict[str, Any], identity: str, awaited: str) -> bool:
        if awaited:
            widget = self.widgets.get(message["content"].get("comm_id", ""), {})
            return bool(widget.get("_model_name") == awaited)
        idle = message["content"].get("execution_state") == "idle"
        return idle and message["parent_header"].get("msg_id") == identity

    def _load(self) -> None:
        request = urllib.request.Request(self.served.at(self.address))
        if self.cookie:
            request.add_header("Cookie", f"{COOKIE}={self.cookie}")
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            answer.read()
            for given in answer.headers.get_all("set-cookie", []):
                jar = SimpleCookie(given)
                if COOKIE in jar and not jar[COOKIE]["secure"]:  # as Safari does on a connection that is not secure
                    self.cookie = jar[COOKIE].value

    def _say_goodbye(self) -> None:
        address = self.served.at(f"/_solara/api/close/{self.kernel}?session_id={self.page}")
        urllib.request.urlopen(urllib.request.Request(address, method="POST"), timeout=PATIENCE).close()


def _text_of(frame: bytes) -> bytes:
    """Return the message of a frame that carries raw bytes besides."""
    count = int.from_bytes(frame[:4], "big")
    offsets = [int.from_bytes(frame[4 + 4 * k : 8 + 4 * k], "big") for k in range(count)]
    return frame[offsets[0] : offsets[1] if count > 1 else None]
