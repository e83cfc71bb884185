"""Page heads, assets, messages, return after restart."""

import asyncio
import os
import re
import secrets
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from functools import lru_cache
from html import escape
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Optional, TypeAlias
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import reacton.core
import solara
import solara.server.starlette as solara_web
import traitlets
from solara import widgets
from solara.server import server, sync_ws_write
from solara.server import settings as solara_settings
from starlette.applications import Starlette
from starlette.requests import Request, cookie_parser
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from websockets.protocol import State

from dashboard.pages import PAGES
from dashboard.proxies import AddressError, Network, is_root_path

SOLARA_GONE = re.compile(r"<v-progress-circular[^>]*>Server\s+disconnected\.</v-progress-circular>")
GONE = (
    '<div role="alert" style="max-width: 34rem; margin: 1rem; padding: 1rem 1.5rem; background: #fff; color: #1f1f1f">'
    "<p><strong>No answer from the dashboard.</strong> This page tries again by itself, and comes back as it was: what "
    "you set is in its address.</p><p>If the dashboard was stopped, start it again with <code>behaviours dashboard"
    "</code>. If nothing happens within a minute, reload the page.</p></div>"
)
AGAIN = """<script>
// The connection tries again by itself, but waits longer each time, up to a minute. A short break is left to it; where
// the server answers and the connection is still not back, the page is loaded anew: its address holds what it showed.
(() => {
  let answers = 0;
  setInterval(async () => {
    const lost = window.app && window.app.wasConnected && window.app.connectionStatus !== "connected";
    try {
      if (lost) await fetch("ROOT/own/dashboard.css", { method: "HEAD", cache: "no-store" });
      answers = lost ? answers + 1 : 0;
    } catch { answers = 0; }
    if (answers > 2) location.reload();
  }, 1500);
})();
</script>"""


def with_way_back(text: str, root: str) -> str:
    """Return Solara's page with our words where its server has gone, and with a way back."""
    text = SOLARA_GONE.sub(GONE, text, count=1)
    return text.replace("</html>", AGAIN.replace("ROOT", root) + "</html>", 1)


# Show heading and words of a page before its scripts have come, and have the browser do early what it does anyway.
#
# Everything here is gone, or has happened, once the page itself is there: it changes when, not what.


CHARTS = "{root}/_solara/cdn/echarts@5.4.0/dist/echarts.min.js"
ICONS = re.compile(r'<link href="[^"]*/fonts\.css"[^>]*>(</link>)?')
"""Solara's icons and type, which no page of ours uses: a third of a megabyte to read through."""
FIRST_PAINT = (
    '<link rel="preload" as="script" href="{charts}">'
    "<style>#loader-container {{ display: none !important; }}"
    " .solara-transition-enter-active, .solara-transition-leave-active, .fade-y-transition-enter-active,"
    " .fade-y-transition-leave-active {{ transition: none !important; }}</style>"
)
FIRST = """<div id="b-first" class="v-application theme--light"><div class="b-shell">
<header class="b-header"><p class="b-name">System behaviours</p><nav aria-label="Pages"><ul>{links}</ul></nav>
<p class="b-keep">Save, load, share</p></header>
<div class="b-main-first"><p class="b-title">{title}</p><p class="b-lead">{lead}</p>
<p class="b-caveat"><strong>Illustrative, not predictive.</strong> Almost every rate is assumed, and a place is not \
its model.</p><p class="b-coming" role="status">One moment: the page is being made.</p>
<noscript><p class="b-message b-wrong">These pages need JavaScript, which this browser does not run.</p></noscript>
</div></div></div>"""
EARLY = """<script>
requirejs(["jupyter-vue", "jupyter-vuetify"]);
setTimeout(() => requirejs(["{charts}"]), 0);
</script>"""


def with_early_scripts(text: str, root: str) -> str:
    """Return Solara's page with its scripts, and the charts', asked for early."""
    return text.replace("</html>", f"{EARLY.format(charts=CHARTS.format(root=root))}</html>", 1)


def with_first_paint(text: str, path: str, query: str, root: str) -> str:
    """Return Solara's page with words to read at once, and without what no page uses."""
    charts = CHARTS.format(root=root)
    text = ICONS.sub("", text, count=1)
    text = text.replace("</head>", f"{FIRST_PAINT.format(charts=charts)}</head>", 1)
    return re.sub(r"(<body[^>]*>)", lambda found: found.group() + first(path, query, root), text, count=1)


def first(path: str, query: str, root: str) -> str:
    """Return the heading of a page with its links."""
    page = next((page for page in PAGES if page.PATH.strip("/") == path.strip("/")), PAGES[0])
    after = f"?{query}" if query else ""
    links = "".join(
        f'<li><a href="{escape(root + other.PATH + after)}"{_current(other is page)}>{escape(other.TITLE)}</a></li>'
        for other in PAGES
    )
    return FIRST.format(links=links, title=escape(page.TITLE), lead=escape(page.LEAD))


def _current(here: bool) -> str:
    return ' aria-current="page"' if here else ""


MENDED = {
    "new URL(this.location, window.location.origin + solara.rootPath)":
        "new URL(solara.rootPath + this.location, window.location.origin)",
    "new URL(value, window.location)":
        "new URL(value.startsWith('/') ? solara.rootPath + value : value, window.location)",
    'window.addEventListener("scroll", this.onScroll);': "",
}  # fmt: skip
"""Texts of Solara's part, and what stands instead: paths under the root path; and no note of every scroll in the
history, which nobody reads, and which undoes a step forward that the browser is just taking."""


class Navigator(widgets.Navigator):  # type: ignore[misc]
    """Keep the address of a page, at the root path that its browser knows."""

    template_file = None

    @traitlets.default("template")
    def _template(self) -> Any:
        return TEMPLATE


def _mended() -> str:
    text = Path(widgets.Navigator.template_file).read_text(encoding="utf-8")
    for wrong, right in MENDED.items():
        text = text.replace(wrong, right)
    return text


TEMPLATE = _mended()


def navigate_under_root_path() -> None:
    """Have Solara keep addresses by `Navigator`."""
    solara.Navigator = reacton.core.ComponentWidget(Navigator)


# Send what pages are told: many small messages in one write, by the thread that owns the connection.
#
# Solara's own quick way writes to the number of an open file from any thread. Once a connection has closed, the
# number
# is another visitor's; and a visitor who stops reading holds up everybody. Here a thread only leaves its messages.


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


STATIC = Path(__file__).parent / "static"
SOLARA_VIEWPORT = "initial-scale=1, maximum-scale=1, user-scalable=no, minimal-ui"
HEAD = '<meta name="description" content="Explore how the organisations of a place take on nine system behaviours.">'
STYLE = '<link rel="stylesheet" href="{root}/own/dashboard.css?v={version}">'
SCRIPT = re.compile(r"<script\b")
POLICY = (
    "default-src 'self'; script-src 'self'{nonce} 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
"""What a page may load: nothing from elsewhere, and no script within it but those that carry the answer's own nonce.

Vue compiles its templates in the browser, hence 'unsafe-eval'.
"""
COOKIE_LIFE = 400 * 24 * 3600
"""Seconds: as long as browsers keep one."""
PATHS = frozenset(page.PATH for page in PAGES)
ASSETS = ("/own", "/static", "/_solara", "/jupyter")
FULL = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Full for the moment</title><link rel="stylesheet" href="{root}/own/dashboard.css"></head>
<body class="b-alone"><main><h1>Full for the moment</h1>
<p>{number} people are looking at these pages, which is as many as this machine was told to let in.</p>
<p><a href="{address}">Try again</a> in a minute. Nothing is lost: your settings are in the address.</p>
</main></body></html>
"""
ELSEWHERE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Not this address</title></head><body><main><h1>Not this address</h1>
<p>These pages answer on the machine they run on, at 127.0.0.1 or localhost. To reach them by another name, start them \
with <code>behaviours dashboard --name NAME</code>.</p></main></body></html>
"""
Receive: TypeAlias = Callable[[], Awaitable[Any]]
Send: TypeAlias = Callable[[Any], Awaitable[None]]


def application(
    most_visitors: int, names: Collection[str] | None = None, *, root: str = "", proxies: Collection[Network] = ()
) -> Any:
    """Return the ASGI application, which answers to these names alone; None: to any.

    It lies under the path `root`, "" or "/some/path"; `proxies` are those whose word on a request is taken. Raises
    AddressError where the path begins like one of ours: where a proxy takes it off, nobody could tell them apart.
    """
    if (first := root.split("/")[1] if root else "") and f"/{first}" in {*PATHS, *ASSETS}:
        msg = f"--root-path: “{root}” begins like an address within the pages: take another, like /behaviours{root}"
        raise AddressError(msg)
    send_safely()
    navigate_under_root_path()
    pages = Route("/{fullpath:path}", endpoint=page)
    keep = [route for route in solara_web.routes if _is_kept(route)]
    assets = Mount("/_solara/cdn", app=Assets(directory=solara_settings.assets.proxy_cache_dir, check_dir=False))
    own = Mount("/own", app=solara_web.StaticFilesOptionalAuth(directory=STATIC))
    inner = Starlette(
        routes=[*keep, assets, own, *_static(), pages], lifespan=solara_web.lifespan, middleware=solara_web.middleware
    )
    return Entrance(Guard(inner, most_visitors, names), root=root, proxies=proxies)


def _is_kept(route: Any) -> bool:
    """Keep what a page needs: its connection, and the notice that it was closed; no report on the server itself."""
    return route.path.startswith(("/jupyter/api", "/_solara/api/close"))


def _static() -> list[Any]:
    """Serve what Solara brings; folders `public` and `assets` beside this package are none of its business."""
    brought = Path(solara_web.__file__).parent
    extensions = [route for route in solara_web.routes if isinstance(route, Mount) and "nbextensions" in route.path]
    own = {"/static/assets": brought / "assets", "/static": brought / "static"}
    return [*extensions, *(Mount(path, app=solara_web.StaticFilesOptionalAuth(directory=own[path])) for path in own)]


async def page(request: Request) -> Response:
    """Return Solara's page with our head: language, zoom, style; and its scripts marked as those that may run.

    Solara's own answer would take its address from whatever the first request said, and keep it until a restart.
    """
    root, path = request.scope["root_path"], request.path_params["fullpath"].rstrip("/")
    text = server.read_root(f"/{path}", root) if f"/{path}" in PATHS else None
    if text is None:
        return PlainTextResponse("No page is here.", status_code=404)
    if request.scope["path"] not in (f"{root}/", f"{root}/{path}"):
        return RedirectResponse(_with_query(f"{root}/{path}", request.scope))  # links are told from beside the pages
    nonce = secrets.token_urlsafe(16)
    text = text.replace("<html>", '<html lang="en">', 1).replace(SOLARA_VIEWPORT, "initial-scale=1", 1)
    head = HEAD + STYLE.format(root=root, version=_version())
    text = with_way_back(text.replace("</head>", f"{head}</head>", 1), root)
    text = SCRIPT.sub(f'<script nonce="{nonce}"', with_early_scripts(text, root))
    text = with_first_paint(text, path, request.url.query, root)  # holds what the address says: no script of it may run
    response = HTMLResponse(text, headers={"cache-control": "private, no-cache"})
    response.headers["content-security-policy"] = POLICY.format(nonce=f" 'nonce-{nonce}'")
    _recognise(request, response)
    return response


def _recognise(request: Request, response: Response) -> None:
    """Give a browser the cookie by which it is known: a plain one where the connection is, which Safari keeps too."""
    session = server.get_session_id_cookie(request.cookies) or str(uuid4())
    response.set_cookie(
        server.COOKIE_KEY_SESSION_ID, session, max_age=COOKIE_LIFE, path=request.scope["root_path"] or "/",
        secure=request.url.scheme == "https", httponly=True, samesite="lax",
    )  # fmt: skip


@lru_cache
def _version() -> str:
    """Return the hash of our style, as Solara's static files want it to let a browser keep them for good."""
    return str(server.file_content_hash(STATIC / "dashboard.css"))


class Assets(solara_web.StaticCdn):
    """Serve the files of solara-assets, compressed once; what is not there is not fetched from anywhere."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Return a file of the folder and its facts."""
        return StaticFiles.lookup_path(self, path)


class Entrance:
    """Settle under which path, name and scheme a request came: as a named proxy tells, from anybody else as it is.

    Inside, a request's path begins with the root path, whether or not a proxy took that off, and no header tells
    anything of another address any more.
    """

    def __init__(self, app: Any, *, root: str = "", proxies: Collection[Network] = ()) -> None:
        self.app, self.root, self.proxies = app, root, proxies

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Pass a request or connection on, settled."""
        asked = scope["type"] in ("http", "websocket")
        await self.app(self._settled(scope) if asked else scope, receive, send)

    def _settled(self, scope: dict[str, Any]) -> dict[str, Any]:
        told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        said = told if self._is_proxy(scope) else {}
        host, scheme = said.get("x-forwarded-host"), said.get("x-forwarded-proto")
        prefix = (said.get("x-script-name") or said.get("x-forwarded-prefix") or "").rstrip("/")
        root = self.root or (prefix if is_root_path(prefix) else "")
        headers = [(name, value) for name, value in scope["headers"] if not _is_hearsay(name)]
        if host is not None:
            headers = [*((n, v) for n, v in headers if n.lower() != b"host"), (b"host", host.encode("latin-1"))]
        if scope["type"] == "http" and scheme in ("http", "https"):
            scope = scope | {"scheme": scheme}
        path = scope["path"]
        path = path if path == root or path.startswith(f"{root}/") else root + path
        return scope | {"headers": headers, "root_path": root, "path": path}

    def _is_proxy(self, scope: dict[str, Any]) -> bool:
        try:
            caller = ip_address((scope.get("client") or [""])[0])
        except ValueError:
            return False
        caller = getattr(caller, "ipv4_mapped", None) or caller  # as a socket for both kinds of address tells it
        return any(caller in network for network in self.proxies)


def _is_hearsay(name: bytes) -> bool:
    """Tell whether a header says of a request what a proxy may say, or anybody."""
    return name.lower().startswith(b"x-forwarded-") or name.lower() in (b"forwarded", b"script-name", b"x-script-name")


class Guard:
    """Let in so many visitors, and connections only from our own pages; say which headers every answer carries."""

    def __init__(self, app: Any, most_visitors: int, names: Collection[str] | None = None) -> None:
        self.app, self.most_visitors, self.names = app, most_visitors, names
        self.connected: Counter[str] = Counter()
        """Open connections by visitor."""

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request or carry one connection."""
        if scope["type"] == "websocket":
            await self._connect(scope, receive, send)
        elif scope["type"] == "http":
            answer = self._answer(scope) or self.app
            await answer(scope, receive, _with_headers(send))
        else:
            await self.app(scope, receive, send)

    def _answer(self, scope: dict[str, Any]) -> Any:
        """Return the answer to a request that is not let through, in words; None where it is."""
        if not self._is_our_name(scope):
            return HTMLResponse(ELSEWHERE, status_code=421)
        if not path_of(scope):
            return RedirectResponse(_with_query(f"{scope['path']}/", scope))
        if _needs_page_id(scope) and not page_id_of(scope):
            return HTMLResponse("Not found", status_code=404)
        if self._is_page(scope) and self._has_no_room(scope):
            return self._full(scope)
        return None

    async def _connect(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        known = server.get_session_id_cookie(_cookies(scope)) and page_id_of(scope)
        if not (known and same_site(scope) and self._is_our_name(scope)):
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        visitor = visitor_of(scope)
        self.connected[visitor] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.connected[visitor] -= 1
            self.connected += Counter()  # forget those who have gone

    def _is_our_name(self, scope: dict[str, Any]) -> bool:
        """Tell whether a request asks for us: another site's name may have been made to lead to this machine."""
        return self.names is None or host_of(scope) in self.names

    def _has_no_room(self, scope: dict[str, Any]) -> bool:
        """Tell whether a page has to wait; whoever is here already may load one again."""
        return len(self.connected) >= self.most_visitors and visitor_of(scope) not in self.connected

    def _full(self, scope: dict[str, Any]) -> HTMLResponse:
        address = escape(_with_query(scope["path"], scope), quote=True)
        text = FULL.format(number=self.most_visitors, address=address, root=scope.get("root_path", ""))
        return HTMLResponse(text, status_code=503, headers={"retry-after": "60"})

    @staticmethod
    def _is_page(scope: dict[str, Any]) -> bool:
        return not path_of(scope).startswith(tuple(f"{folder}/" for folder in ASSETS))


def path_of(scope: dict[str, Any]) -> str:
    """Return a request's path within our pages, without the root path."""
    return str(scope["path"]).removeprefix(scope.get("root_path", ""))


def visitor_of(scope: dict[str, Any]) -> str:
    """Return which visitor a request is from: one browser, however many tabs; without a cookie, a newcomer."""
    return server.get_session_id_cookie(_cookies(scope)) or f"newcomer {id(scope)}"


def page_id_of(scope: dict[str, Any]) -> str:
    """Return which tab asks; "" where it doesn't say."""
    given = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("session_id", [""])
    return given[0]


def host_of(scope: dict[str, Any]) -> str:
    """Return the name by which a request asks for this server, without the port; "" for none, or one that is none."""
    try:
        return urlsplit(f"//{_header(scope, 'host') or ''}").hostname or ""
    except ValueError:
        return ""


def same_site(scope: dict[str, Any]) -> bool:
    """Tell whether a connection comes from a page of this server, or from no page at all."""
    origin = _header(scope, "origin")
    return origin is None or urlsplit(origin).netloc == _header(scope, "host")


def _with_query(path: str, scope: Mapping[str, Any]) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    return f"{path}?{query}" if query else path


def _needs_page_id(scope: dict[str, Any]) -> bool:
    return path_of(scope).startswith("/_solara/api/")


def _cookies(scope: dict[str, Any]) -> dict[str, str]:
    return cookie_parser("; ".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie"))


def _header(scope: dict[str, Any], wanted: str) -> str | None:
    found = [value.decode("latin-1") for name, value in scope["headers"] if name.decode("latin-1").lower() == wanted]
    return found[-1] if found else None


def _with_headers(send: Send) -> Send:
    """Return how an answer is sent with the headers that every one carries, where it has none of its own."""
    usual = {
        b"content-security-policy": POLICY.format(nonce="").encode(),
        b"x-content-type-options": b"nosniff",
        b"referrer-policy": b"same-origin",
    }

    async def sending(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            given = list(message.get("headers", []))
            own = {name.lower() for name, _ in given}
            message = message | {"headers": [*given, *((n, v) for n, v in usual.items() if n not in own)]}
        await send(message)

    return sending
