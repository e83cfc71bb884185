"""Serve the pages from one process: settings of Solara first, then its routes with our own page around them.

What Solara leaves open is closed here: no request leaves the machine, a page names its language and can be zoomed, a
connection from another site's page is refused, and a full server says so in words.
"""

import os
import socket
import sys
import webbrowser
from collections.abc import Callable, Collection
from typing import Any

MOST_VISITORS = 40
MOST_TABS = 3
"""Tabs a visitor, on average, beyond which a page waits for another to be closed."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SETTINGS = {
    "SOLARA_APP": "dashboard.site",
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_THEME_FORCE_REFRESH": "True",  # a page comes back by itself after the server was started again
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_TITLE": "System behaviours",
    "SOLARA_THEME_VARIANT": "light",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
    "SOLARA_ASSETS_CDN": "/_solara/cdn",  # never another machine
    "SOLARA_KERNEL_CULL_TIMEOUT": "10m",  # what a visitor who went away holds is let go; the address brings it back
    "SOLARA_CHECK_HOOKS": "raise",
    "REACTON_FAST": "1",  # elements that are the same as before are not walked through again
    "SOLARA_SERVER_SYNC_WS_WRITE": "True",  # a page's many small messages are sent together: see sending.py
}


class PortInUseError(OSError):
    """The port can't be listened on."""


def prepare(most_visitors: int = MOST_VISITORS) -> None:
    """Put Solara's settings into the environment; call before Solara is imported."""
    os.environ.update(SETTINGS | {"SOLARA_KERNEL_MAX_COUNT": str(MOST_TABS * most_visitors)})


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises PortInUseError with clear words."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # as such, small frames are sent at once
    if os.name != "nt":
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
        found.listen(256)
    except (OSError, OverflowError) as error:
        found.close()
        reason = getattr(error, "strerror", None) or str(error)
        msg = f"can't listen on {host}, port {port}: {reason[:1].lower()}{reason[1:]}"
        raise PortInUseError(msg) from None
    return found


def names_of(host: str, also: Collection[str] = ()) -> frozenset[str] | None:
    """Return the names that requests may ask for; None where everybody may reach us and no name was told.

    A page elsewhere can have its own name lead to this machine, and would then count as one of ours.

    >>> sorted(names_of("127.0.0.1", ["pages.example"]))
    ['127.0.0.1', '::1', 'localhost', 'pages.example']
    """
    if host not in LOOPBACK and not also:
        return None
    return frozenset(name.lower() for name in (host, *LOOPBACK, *also))


def serve(
    *, host: str, port: int, most_visitors: int, open_browser: bool, say: Callable[[str], None],
    names: Collection[str] = (),
) -> None:  # fmt: skip
    """Serve until Ctrl-C, which is raised on as KeyboardInterrupt. Raises PortInUseError.

    `names` are those that a proxy in front is reached by.
    """
    listening = listen(host, port)
    prepare(most_visitors)
    address = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}/"
    import uvicorn
    from uvicorn.config import WS_PROTOCOLS

    from dashboard.warming import warm_aside
    from dashboard.web import application

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            say(f"The dashboard is at {address} (Ctrl-C stops it)")
            if host not in LOOPBACK:
                say("Everybody who can reach this machine can open it: put a proxy that asks for a password before it.")
            warm_aside()
            if open_browser:
                webbrowser.open(address)

    config = uvicorn.Config(
        application(most_visitors, names_of(host, names)), log_level="warning", access_log=False, loop="asyncio",
        lifespan="on", timeout_graceful_shutdown=1, server_header=False, ws_max_size=32 * 2**20,
        ws="websockets" if "websockets" in WS_PROTOCOLS else "auto", ws_per_message_deflate=False,
    )  # fmt: skip
    server: Any = Server(config)
    with listening:
        server.run(sockets=[listening])
    sys.stdout.flush()
