"""Serve the pages from one process: settings of Solara first, then its routes with our own page around them.

What Solara leaves open is closed here: no request leaves the machine, a page names its language and can be zoomed, a
connection from another site's page is refused, and a full server says so in words.
"""

import os
import re
import socket
import sys
import webbrowser
from collections.abc import Callable, Collection
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, TypeAlias

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


ROOT_PATH = re.compile(r"(/(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+)*")
"""A path under which the pages may lie: signs that stand for themselves in an address, and no step up or aside."""
Network: TypeAlias = IPv4Network | IPv6Network


class PortInUseError(OSError):
    """The port can't be listened on."""


class AddressError(ValueError):
    """What was given can't be where the pages lie, or where a proxy is."""


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


def is_root_path(text: str) -> bool:
    """Tell whether pages may lie under a path; under "" they lie at the top."""
    return ROOT_PATH.fullmatch(text) is not None


def root_path_of(text: str) -> str:
    """Return the path under which the pages lie, without a slash at its end. Raises AddressError with clear words.

    >>> root_path_of("/tools/behaviours/"), root_path_of("/")
    ('/tools/behaviours', '')
    """
    path = text.strip().strip("/")
    path = path and f"/{path}"
    if not is_root_path(path):
        msg = f"--root-path: “{text}” is no path for pages: letters, digits, . _ ~ - between slashes, like /behaviours"
        raise AddressError(msg)
    return path


def networks_of(proxies: Collection[str]) -> tuple[Network, ...]:
    """Return where the proxies are whose word is taken: addresses, or networks. Raises AddressError with clear words.

    >>> [str(one) for one in networks_of(["127.0.0.1", "10.0.0.0/8"])]
    ['127.0.0.1/32', '10.0.0.0/8']
    """
    found: list[Network] = []
    for text in proxies:
        try:
            found.append(ip_network(text.strip(), strict=False))
        except ValueError:
            msg = f"--proxy: “{text}” is no address of a machine: 127.0.0.1 or ::1, or a network like 10.0.0.0/8"
            raise AddressError(msg) from None
    return tuple(found)


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

    from dashboard.warming import warm_aside
    from dashboard.web import application

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
