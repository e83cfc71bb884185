"""One process; Solara's settings, warm start."""

import gc
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Collection
from typing import Any

from dashboard.proxies import LOOPBACK, Network, names_of

MOST_VISITORS = 40
MOST_TABS = 3
"""Tabs a visitor, on average, beyond which a page waits for another to be closed."""
SETTINGS = {
    "SOLARA_APP": "dashboard.app",
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


def serve(
    *, host: str, port: int, most_visitors: int, open_browser: bool, say: Callable[[str], None],
    names: Collection[str] = (), root: str = "", proxies: Collection[Network] = (),
    ready: Callable[[str], None] = lambda address: None,
) -> None:  # fmt: skip
    """Serve until Ctrl-C, which is raised on as KeyboardInterrupt. Raises PortInUseError.

    `names` are those that a proxy in front is reached by, `root` is the path that it keeps for these pages, and
    `proxies` are where it is, if its word is to be taken on the name, path and scheme that it was asked by. `ready` is
    called with the address once it answers.
    """
    listening = listen(host, port)
    prepare(most_visitors)
    address = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}{root}/"
    import uvicorn
    from uvicorn.config import WS_PROTOCOLS

    from dashboard.transport import application

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            ready(address)
            say(f"The dashboard is at {address} (Ctrl-C stops it)")
            if host not in LOOPBACK:
                say("Everybody who can reach this machine can open it: put a proxy that asks for a password before it.")
            warm_aside()
            if open_browser:
                webbrowser.open(address)

    with listening:
        config = uvicorn.Config(
            application(most_visitors, names_of(host, names), root=root, proxies=proxies),
            log_level="warning", access_log=False, loop="asyncio", proxy_headers=False,  # web.Entrance reads them
            lifespan="on", timeout_graceful_shutdown=1, server_header=False, ws_max_size=32 * 2**20,
            ws="websockets-sansio" if "websockets-sansio" in WS_PROTOCOLS else "auto", ws_per_message_deflate=False,
        )  # fmt: skip
        server: Any = Server(config)
        server.run(sockets=[listening])
    sys.stdout.flush()


def warm() -> None:
    """Make what the first page of a visitor shows by default, for the runs that are kept for everybody."""
    from dashboard.address import Settings
    from dashboard.pages.assumptions.numbers import listing
    from dashboard.pages.place.view import view_of, where_of
    from dashboard.runs import baseline_of, spread_of
    from dashboard.session import Session, Visitor

    view = view_of(Session(Settings(), (), "/", "/", Visitor(), lambda: None, lambda _: None))
    where_of(view.scenario.place)
    spread_of(view.scenario)
    baseline_of(view.scenario, view.session.settings.seed)
    listing()
    gc.collect()
    gc.freeze()  # what is there now stays: looking through it again after each visit would hold up the others


def warm_aside() -> None:
    """Warm in a thread, so that the server listens at once."""
    threading.Thread(target=warm, name="warming", daemon=True).start()
