"""Read Pajek: one network (.net) or a project of several (.paj), with partitions."""

import re
from dataclasses import dataclass, field

from experiments.importing.limits import MOST_ELEMENTS
from experiments.importing.tables import Table, check_networks, clean, records_table
from simulation.scenario.problems import Findings

_WORD = re.compile(r'"((?:[^"]|"")*)"|(\S+)')
_NUMBER = re.compile(r"[+-]?\d*[.,]?\d+(e[+-]?\d+)?", re.IGNORECASE)
_SHAPES = ("ellipse", "box", "diamond", "triangle", "cross", "empty", "circle", "house", "man", "woman")
_TIME = re.compile(r"\[[-\d,*\s]*\]")
TIES = ("arcs", "edges", "arcslist", "edgeslist", "matrix")


@dataclass
class Network:
    """A network as it is read: labels by number, ties with line, ends, weight and relation."""

    name: str
    count: int = 0
    labels: dict[int, str] = field(default_factory=dict)
    lines: dict[int, int] = field(default_factory=dict)
    ties: list[tuple[int, str, str, str, str]] = field(default_factory=list)
    attributes: dict[str, list[str]] = field(default_factory=dict)
    relation: str = ""
    relations: dict[str, str] = field(default_factory=dict)
    matrix_row: int = 0
    first_mode: int = 0
    """Vertices of the first of two modes, such as organisations before the meetings that they were at."""

    def identity(self, number: str) -> str:
        """Return what a vertex goes by: its label where no other has it, or else number and label."""
        label = self.labels.get(int(number), "") if number.isdecimal() and len(number) < 10 else ""
        return label if label and self.unique[label] == 1 else f"{number} {label}".strip()

    def settle(self) -> None:
        """Count the labels."""
        self.unique: dict[str, int] = {}
        for label in self.labels.values():
            self.unique[label] = self.unique.get(label, 0) + 1


def read_pajek(text: str, findings: Findings, *, file: str) -> list[Table]:
    """Return elements and connections of each network; vertices of one label in several networks are one."""
    networks = _networks(text, findings, file=file)
    if findings.problems:
        return []
    if not any(network.count for network in networks):
        findings.add("there are no *Vertices in this Pajek file", file=file)
        return []
    tables = []
    networks = [network for network in networks if network.count]
    check_networks(len(networks))
    for position, network in enumerate(networks, start=1):
        network.settle()
        name = "" if len(networks) == 1 else network.name or str(position)
        tables += _tables(network, name, file=file)
    return tables


def _tables(network: Network, name: str, *, file: str) -> list[Table]:
    elements = []
    for number in range(1, network.count + 1):
        record = {"id": network.identity(str(number)), "label": network.labels.get(number, "") or str(number)}
        for attribute, values in network.attributes.items():
            record[attribute] = values[number - 1] if number <= len(values) else ""
        if network.first_mode:
            record.setdefault("type", "row" if number <= network.first_mode else "column")
        elements.append((network.lines.get(number, 0), record))
    ties = []
    for line, source, target, weight, relation in network.ties:
        ends = {"source": network.identity(source), "target": network.identity(target)}
        ties.append((line, ends | {"weight": weight, "relation": relation}))
    first = ("source", "target", "weight", "relation")
    return [
        records_table(elements, file=file, role="elements", network=name, first=("id", "label")),
        records_table(ties, file=file, role="connections", network=name, first=first),
    ]


def _networks(text: str, findings: Findings, *, file: str) -> list[Network]:
    networks = [Network("")]
    section, title = "", ""
    fleeting = 0
    for line, raw in enumerate(text.split("\n"), start=1):
        stripped = raw.strip()
        if not stripped or stripped.startswith("%"):
            continue
        fleeting += _TIME.search(stripped) is not None and section in ("vertices", *TIES)
        words = _words(_TIME.sub("", stripped) if section in ("vertices", *TIES) else stripped)
        if not stripped.startswith("*"):
            if words:
                _take(networks[-1], section, title, words, line, findings, file=file, is_quoted='"' in stripped)
            continue
        name, rest = (words[0][1:].casefold(), words[1:]) if words else ("", [])
        if name == "network":
            networks.append(Network(clean(" ".join(rest))))
        elif name in ("partition", "vector"):
            section, title = name, clean(" ".join(rest)) or name
            networks[-1].attributes.setdefault(title, [])
            continue
        elif name == "vertices" and section in ("partition", "vector"):
            continue
        elif name == "vertices":
            _count(networks, rest, line, findings, file=file)
        elif name in TIES:
            _begin_ties(networks[-1], rest)
        else:
            findings.note(f"a part of the file is not read: *{clean(name)}", file=file, line=line)
        section = name
    if fleeting:
        findings.note(f"vertices and ties that stand for a time only, read whenever that is: {fleeting}", file=file)
    return networks


def _words(line: str) -> list[str]:
    """Return a line's words, a doubled quotation mark within quotation marks as one.

    >>> _words('1 "The ""Hub"" Trust" 0.5')
    ['1', 'The "Hub" Trust', '0.5']
    """
    return [quoted.replace('""', '"') or bare for quoted, bare in _WORD.findall(line)]


def _count(networks: list[Network], rest: list[str], line: int, findings: Findings, *, file: str) -> None:
    if networks[-1].count:
        networks.append(Network(""))
    number = rest[0] if rest else ""
    if not number.isdecimal() or len(number) > 9 or int(number) > MOST_ELEMENTS:
        allowed = f"a number up to {MOST_ELEMENTS:,}"
        findings.add("is the number of vertices", file=file, line=line, value=number or "nothing", allowed=allowed)
        return
    networks[-1].count = int(number)
    if len(rest) > 1 and rest[1].isdecimal() and len(rest[1]) < 10 and 0 < int(rest[1]) < int(number):
        networks[-1].first_mode = int(rest[1])
        findings.note("a network of two sorts of element: they were given the types 'row' and 'column'", file=file)


def _begin_ties(network: Network, rest: list[str]) -> None:
    """Keep the relation's name and number, as in `*Arcs :2 "funds"`."""
    network.relation = clean(" ".join(word for word in rest if not word.startswith(":")))
    network.relations |= {word[1:]: network.relation for word in rest[:1] if word.startswith(":")}
    network.matrix_row = 0


def _take(
    network: Network,
    section: str,
    title: str,
    words: list[str],
    line: int,
    findings: Findings,
    *,
    file: str,
    is_quoted: bool,
) -> None:
    if section == "vertices":
        if words[0].isdecimal() and len(words[0]) < 10 and 1 <= int(words[0]) <= network.count:
            network.labels[int(words[0])] = _label(words, is_quoted=is_quoted)
            network.lines[int(words[0])] = line
        else:
            allowed = f"1 to {network.count}"
            findings.add("is not a vertex's number", file=file, line=line, value=words[0], allowed=allowed)
    elif section in ("partition", "vector"):
        network.attributes[title].append(clean(words[0]))
    elif section in ("arcs", "edges") and len(words) > 1:
        number, words = _numbered(words)
        relation = network.relations.get(number, "") or _relation(network, words)
        network.ties.append((line, words[0], words[1], words[2] if len(words) > 2 else "", relation))
    elif section in ("arcslist", "edgeslist"):
        network.ties += [(line, words[0].rstrip(":"), word, "", network.relation) for word in words[1:] if word != ":"]
    elif section == "matrix":
        network.matrix_row += 1
        row = str(network.matrix_row)
        cells = enumerate(words, start=1)
        network.ties += [(line, row, str(column), cell, network.relation) for column, cell in cells if cell != "0"]


def _numbered(words: list[str]) -> tuple[str, list[str]]:
    """Return the number of a tie's relation and its other words, as in `2: 1 3 1`; a colon after an end is none.

    >>> _numbered(["2:", "1", "3", "1"]), _numbered(["1:", "2"]), _numbered(["1", "2", "1"])
    (('2', ['1', '3', '1']), ('', ['1', '2']), ('', ['1', '2', '1']))
    """
    joined = [words[0] + ":", *words[2:]] if words[1] == ":" else words
    if joined[0].endswith(":") and len(joined) > 2:
        return joined[0][:-1], joined[1:]
    return "", [joined[0].rstrip(":"), *joined[1:]] if len(joined) > 1 else words


def _label(words: list[str], *, is_quoted: bool) -> str:
    """Return a vertex's label: of one without quotation marks the words before its place and shape."""
    if len(words) < 2 or is_quoted:
        return clean(words[1]) if len(words) > 1 else words[0]
    own = [words[1]]
    for word in words[2:]:
        if _NUMBER.fullmatch(word) or word in _SHAPES:
            break
        own.append(word)
    return clean(" ".join(own))


def _relation(network: Network, words: list[str]) -> str:
    """Return a tie's own label, as in `1 2 1 l "funds"`, or its section's."""
    return clean(words[words.index("l") + 1]) if "l" in words[3:-1] else network.relation
