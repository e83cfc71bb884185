"""Say in words what is wrong with how the command was called, as it is said of files."""

import re
from typing import Any

from simulation.scenario.problems import Findings
from simulation.scenario.wording import said

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
