"""Wrap Solara's web application: own head for each page, own assets only, same-site connections, words when full."""

import os
import warnings
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlsplit

import solara.server.starlette as solara_web
from solara.server import server
from solara.server import settings as solara_settings
from starlette.applications import Starlette
from starlette.requests import Request, cookie_parser
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from dashboard.coming_back import with_way_back
from dashboard.first_paint import with_first_paint
from dashboard.sending import send_safely

COOKIE = "solara-session-id"
STATIC = Path(__file__).parent / "static"
SOLARA_VIEWPORT = "initial-scale=1, maximum-scale=1, user-scalable=no, minimal-ui"
HEAD = '<meta name="description" content="Explore how the organisations of a place take on nine system behaviours.">'
STYLE = '<link rel="stylesheet" href="{root}/own/dashboard.css?v={version}">'
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
"""What a page may load: nothing from elsewhere. Vue compiles its templates in the browser, hence 'unsafe-eval'."""
FULL = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Full for the moment</title><link rel="stylesheet" href="/own/dashboard.css"></head>
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


def application(most_visitors: int, names: Collection[str] | None = None) -> Any:
    """Return the ASGI application, which answers to these names alone; None: to any."""
    send_safely()
    warnings.filterwarnings("ignore", "Cookies with samesite=none require https")  # these pages need no such cookie
    pages = Route("/{fullpath:path}", endpoint=page)
    keep = [route for route in solara_web.routes if _is_kept(route)]
    assets = Mount("/_solara/cdn", app=Assets(directory=solara_settings.assets.proxy_cache_dir, check_dir=False))
    own = Mount("/own", app=solara_web.StaticFilesOptionalAuth(directory=STATIC))
    inner = Starlette(
        routes=[*keep, assets, own, *_static(), pages], lifespan=solara_web.lifespan, middleware=solara_web.middleware
    )
    return Guard(inner, most_visitors, names)


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
    """Return Solara's page with our head: language, zoom, style."""
    response: Response = await solara_web.root(request, request.path_params.get("fullpath", ""))
    if not isinstance(response, HTMLResponse):
        return response
    root = request.scope.get("root_path", "")
    text = bytes(response.body).decode()
    text = text.replace("<html>", '<html lang="en">', 1).replace(SOLARA_VIEWPORT, "initial-scale=1", 1)
    head = HEAD + STYLE.format(root=root, version=_version())
    text = with_way_back(text.replace("</head>", f"{head}</head>", 1), root)
    text = with_first_paint(text, request.path_params.get("fullpath", ""), request.url.query, root)
    response.body = text.encode()
    response.headers["content-length"] = str(len(response.body))
    return response


@lru_cache
def _version() -> str:
    """Return the hash of our style, as Solara's static files want it to let a browser keep them for good."""
    return str(server.file_content_hash(STATIC / "dashboard.css"))


class Assets(solara_web.StaticCdn):
    """Serve the files of solara-assets, compressed once; what is not there is not fetched from anywhere."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Return a file of the folder and its facts."""
        return StaticFiles.lookup_path(self, path)


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
            answer = self._refusal(scope) or self.app
            await answer(scope, receive, _with_headers(send))
        else:
            await self.app(scope, receive, send)

    def _refusal(self, scope: dict[str, Any]) -> Any:
        """Return the answer to a request that is not let through, in words; None where it is."""
        if not self._is_our_name(scope):
            return HTMLResponse(ELSEWHERE, status_code=421)
        if _needs_page_id(scope) and not page_id_of(scope):
            return HTMLResponse("Not found", status_code=404)
        if self._is_page(scope) and self._has_no_room(scope):
            return self._full(scope)
        return None

    async def _connect(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        known = COOKIE in _cookies(scope) and page_id_of(scope)
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
        query = scope.get("query_string", b"").decode("latin-1")
        address = escape(scope["path"] + (f"?{query}" if query else ""), quote=True)
        text = FULL.format(number=self.most_visitors, address=address)
        return HTMLResponse(text, status_code=503, headers={"retry-after": "60"})

    @staticmethod
    def _is_page(scope: dict[str, Any]) -> bool:
        return not scope["path"].startswith(("/own/", "/static/", "/_solara/", "/jupyter/"))


def visitor_of(scope: dict[str, Any]) -> str:
    """Return which visitor a request is from: one browser, however many tabs; without a cookie, a newcomer."""
    return _cookies(scope).get(COOKIE) or f"newcomer {id(scope)}"


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


def _needs_page_id(scope: dict[str, Any]) -> bool:
    return bool(scope["path"].startswith("/_solara/api/"))


def _cookies(scope: dict[str, Any]) -> dict[str, str]:
    return cookie_parser("; ".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie"))


def _header(scope: dict[str, Any], wanted: str) -> str | None:
    found = [value.decode("latin-1") for name, value in scope["headers"] if name.decode("latin-1").lower() == wanted]
    return found[-1] if found else None


def _with_headers(send: Send) -> Send:
    added = [
        (b"content-security-policy", POLICY.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
    ]

    async def sending(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = message | {"headers": [*message.get("headers", []), *added]}
        await send(message)

    return sending
