"""Say under which names and paths the pages are reached, and which proxies may say so for others."""

import re
from collections.abc import Collection
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TypeAlias

LOOPBACK = ("127.0.0.1", "localhost", "::1")
ROOT_PATH = re.compile(r"(/(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+)*")
"""A path under which the pages may lie: signs that stand for themselves in an address, and no step up or aside."""
Network: TypeAlias = IPv4Network | IPv6Network


class AddressError(ValueError):
    """What was given can't be where the pages lie, or where a proxy is."""


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
