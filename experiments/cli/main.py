"""Subcommands; exit status by the type of the error."""

import os
import re
import sys
import warnings
from collections.abc import Callable, Sequence
from importlib.metadata import entry_points
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from experiments.cli.console import Manner, fail, given, manner, note, standard_streams, stopped, unheard
from experiments.cli.options import App, spread
from experiments.errors import BAD_INPUT, ClearError, status_of
from simulation.scenario.errors import Findings
from simulation.scenario.validation import said

PROGRAM = "behaviours"
EPILOG = """\b
Examples:
  behaviours list
  behaviours compare
  behaviours compare gateshead --routes manifesto-led prototype-led
  behaviours run gateshead --route blended --seed 7
  behaviours place new my-town
  behaviours place import map.xlsx --as my-town
  behaviours place check my-town

\b
Illustrative, not predictive: almost every rate is assumed, and a place is not its model.
"""


class _Commands(TyperGroup):
    """The subcommands; typer would end silently at Ctrl-C."""

    def invoke(self, ctx: Any) -> Any:
        """Carry a subcommand out."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            msg = "Stopped."
            return stopped(msg).exit_code


app = App(
    name=PROGRAM,
    cls=_Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
found = [entry.load() for entry in entry_points(group="behaviours.commands")]
for commands in sorted(found, key=lambda one: getattr(one, "rank", 100)):
    app.registered_commands += commands.registered_commands
    app.registered_groups += commands.registered_groups


def _version(asked: bool) -> None:
    if asked:
        from experiments.manifest import our_version

        print(f"{PROGRAM} {our_version()}")
        raise typer.Exit


@app.callback(epilog=EPILOG)
def behaviours(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Simulate how the organisations of a place take on nine system behaviours, and compare ways in."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status, as `experiments.errors` lists them."""
    os.environ["MPLBACKEND"] = "agg"  # a backend that is not there would end a command at its first figure
    with standard_streams() as out, warnings.catch_warnings():
        warnings.showwarning = _note_our_own(warnings.showwarning)
        status = _run(spread(sys.argv[1:] if arguments is None else arguments))
        out.flush()
        return status or unheard(out) or 0


def _run(typed: Sequence[str]) -> int:
    given.set(tuple(typed))
    words = typed[: typed.index("--")] if "--" in typed else typed
    manner.set(Manner("--json" in words, "--quiet" in words))  # for what goes wrong before a command has begun
    try:
        status = app(args=typed, prog_name=PROGRAM, standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        msg = "Stopped."
        return stopped(msg).exit_code
    except FileNotFoundError:
        if _is_somewhere():
            raise
        from experiments.output_folder import GONE, OutputError

        return fail(OutputError(GONE)).exit_code
    except Exception as error:
        if _is_usage(error):
            return _say_usage(error)
        if status_of(error) is None:
            raise
        return fail(error).exit_code
    return status if isinstance(status, int) else 0


def _is_somewhere() -> bool:
    """Tell whether the folder that one is in is still there."""
    try:
        return bool(os.getcwd())
    except FileNotFoundError:
        return False


def _note_our_own(show: Callable[..., None]) -> Callable[..., None]:
    """Return what shows a warning: one of ours is a note, without the line of code that it comes from."""

    def shown(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
        if category.__module__.startswith("experiments."):
            note(f"note: {message}")
        else:
            show(message, category, *where, **more)

    return shown


def _is_usage(error: Any) -> bool:
    """Tell whether an error is about how the command was called; typer carries the class under its own name."""
    return any(kind.__name__ == "ClickException" for kind in type(error).__mro__)


def _say_usage(error: Any) -> int:
    """Say in a line or two what is wrong with how the command was called."""
    if type(error).__name__ == "NoArgsIsHelpError":
        note(error.format_message())
        return BAD_INPUT

    context = getattr(error, "ctx", None)
    called = context.command_path if context is not None else PROGRAM
    text = usage_words(error)
    return fail(ClearError(text), beside=f"{'' if text.endswith('?') else '.'} Try: {called} --help").exit_code


# Say in words what is wrong with how the command was called, as it is said of files.


_CHOICE = re.compile(r"'(?P<value>[^']*)' is not one of (?P<names>'.*')")
_TYPED = {"a number, without quotation marks": "a number"}


def usage_words(error: Any) -> str:
    """Return a usage error's sentence: the option, the value, what is allowed, the nearest name."""
    text = str(error.format_message()).strip().rstrip(".")
    where = re.match(r"Invalid value for '([^']*)':? ?", text)
    if where is None:
        return text
    findings = Findings()
    if choice := _CHOICE.search(text):
        names = re.findall(r"'([^']*)'", choice["names"])
        findings.add("is not one of the choices", key=where[1], value=choice["value"], allowed=names, like=names)
    elif hasattr(error.__cause__, "errors"):
        message, allowed, names, value = said(error.__cause__.errors())
        plain = _TYPED.get(allowed, allowed) if isinstance(allowed, str) else allowed
        findings.add(message, key=where[1], value=value, allowed=plain, like=names)
    else:
        return f"{where[1]}: {text[where.end() :]}"
    return str(findings.problems[0])
