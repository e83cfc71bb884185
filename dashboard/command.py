"""`behaviours dashboard`: serve the pages on this machine."""

from importlib import import_module
from typing import Annotated

import typer

from experiments.cli.console import answer, compile_once, fail, note
from experiments.cli.options import App
from experiments.errors import ClearError

commands = App(rank=90)

EXAMPLES = """\b
Examples:
  behaviours dashboard
  behaviours dashboard --port 9000 --no-browser
  behaviours dashboard --sweep out/first --sweep out/second --map out/map
  behaviours dashboard --no-browser --name pages.example --root-path /behaviours
"""


HOST = typer.Option(metavar="ADDRESS", help="Address to listen on; by default this machine only.")
PORT = typer.Option(min=0, max=65535, metavar="N", help="Port to listen on; 0 takes a free one.")
BROWSER = typer.Option("--browser/--no-browser", help="Open a browser.")
MOST_VISITORS = typer.Option(min=1, max=1000, metavar="N", help="Visitors let in at once; others are told it is full.")
NAME = typer.Option(metavar="NAME", help="A name under which a proxy on this machine is reached; repeatable.")
ROOT_PATH = typer.Option(metavar="PATH", help="Path under which a proxy offers the pages, like /behaviours.")
PROXY = typer.Option(
    metavar="ADDRESS", help="Address of a proxy whose X-Forwarded headers are believed, or a network; repeatable.",
)  # fmt: skip
SWEEPS = typer.Option(
    "--sweep", "--map", metavar="DIR", help="A sweep's or map's folder to look into; may be given several times.",
)  # fmt: skip


@commands.command("dashboard", epilog=EXAMPLES)
def dashboard(
    host: Annotated[str, HOST] = "127.0.0.1",
    port: Annotated[int, PORT] = 8765,
    browser: Annotated[bool, BROWSER] = True,
    most_visitors: Annotated[int, MOST_VISITORS] = 40,
    name: Annotated[list[str] | None, NAME] = None,
    root_path: Annotated[str, ROOT_PATH] = "",
    proxy: Annotated[list[str] | None, PROXY] = None,
    sweeps: Annotated[list[str] | None, SWEEPS] = None,
) -> None:
    """Open the dashboard: explore a place, decide, compare and share, in a browser on this machine."""
    server, shelf = import_module("dashboard.server"), import_module("dashboard.sweep_folders")
    place = import_module("dashboard.proxies")
    try:
        root, proxies = place.root_path_of(root_path), place.networks_of(proxy or [])
        shelf.fill(sweeps or [])
        server.listen(host, port).close()
        compile_once()
        server.serve(
            host=host, port=port, most_visitors=most_visitors, open_browser=browser, say=note, names=name or (),
            root=root, proxies=proxies,
            ready=lambda address: answer(lambda: {"address": address}, lambda: "", where=address),
        )  # fmt: skip
    except server.PortInUseError as error:
        other = f" Try: behaviours dashboard --port {port + 1 if port < 65535 else 8765}" if port else ""
        words = f"{error}.{other}"
        raise fail(ClearError(words)) from None
    except place.AddressError as error:
        words = f"{error}."
        raise fail(ClearError(words)) from None
    except shelf.ShelfError as error:
        words = f"--sweep: {error}"
        raise fail(ClearError(words)) from None
