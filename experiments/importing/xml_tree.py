"""Read XML into a plain tree that knows its lines. A document type is refused: entities could fill the memory."""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from experiments.importing.decoding import decode
from experiments.importing.limits import DEEPEST, MOST_CELLS
from experiments.importing.tables import RefusedError, clean
from simulation.scenario.problems import Findings


@dataclass
class Node:
    """An element: its name and attributes without their namespace, its text, what is in it, its line."""

    tag: str
    attributes: dict[str, str]
    line: int
    children: list["Node"] = field(default_factory=list)
    text: str = ""

    def all(self, *tags: str) -> list["Node"]:
        """Return the elements of these names directly within."""
        return [child for child in self.children if child.tag in tags]

    def within(self, *tags: str) -> list["Node"]:
        """Return the elements of these names at any depth, in the order of the file."""
        found, rest = [], list(reversed(self.children))
        while rest:
            node = rest.pop()
            if node.tag in tags:
                found.append(node)
            rest.extend(reversed(node.children))
        return found


_KNOWN = ("utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "utf-16")
_DECLARED = re.compile(rb"""\A<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)""")


def read_xml(content: bytes, findings: Findings, *, file: str, encoding: str = "") -> Node | None:
    """Return the root element, or None with a problem added; the file's own word on its encoding counts."""
    builder = _Builder()
    text = _text(content, findings, file=file, encoding=encoding)
    if text is None:
        return None
    try:
        builder.parser.Parse(text, True)
    except expat.ExpatError as error:
        message = f"this is not well-formed XML: {expat.ErrorString(error.code)}"
        findings.add(message, file=file, line=error.lineno, key=f"column {error.offset + 1}")
        return None
    except RefusedError as error:
        findings.add(str(error), file=file, line=builder.parser.CurrentLineNumber)
        return None
    except (ValueError, LookupError) as error:
        findings.add(f"the XML can't be read ({clean(error)[:100]})", file=file)
        return None
    return builder.root


def _text(content: bytes, findings: Findings, *, file: str, encoding: str) -> bytes | str | None:
    """Return XML as the parser takes it: decoded where it does not say how it is stored, or says what is unknown to it.

    None with a problem added where it is not stored as it says.
    """
    declared = _DECLARED.match(content[:200])
    name = declared[1].decode().casefold() if declared else ""
    if not encoding and (name in _KNOWN or content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:4]):
        return content
    if not encoding and not name:
        try:
            content.decode()
        except UnicodeDecodeError:
            return decode(content, findings, file=file)
        return content
    return decode(content, findings, file=file, encoding=encoding or name)


class _Builder:
    """Build the tree from what the parser meets."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.open: list[Node] = []
        self.root: Node | None = None
        self.count = 0

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if len(self.open) >= DEEPEST or self.count > MOST_CELLS:
            msg = "elements are nested too deeply" if self.count <= MOST_CELLS else "there are too many elements"
            raise RefusedError(msg)
        plain = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        node = Node(name.rpartition("}")[2], plain, self.parser.CurrentLineNumber)
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = node
        self.open.append(node)

    def _end(self, name: str) -> None:
        self.open.pop()

    def _text(self, text: str) -> None:
        self.open[-1].text += text

    def _refuse(self, *_: object) -> None:
        msg = "the file holds a document type (<!DOCTYPE ...>), which is not read: take it out"
        raise RefusedError(msg)
