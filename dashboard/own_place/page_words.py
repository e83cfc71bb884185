"""Put what an import says of the command line's options into the words of the page's own controls."""

import re

_QUOTED = r"(?:\"([^\"]*)\"|'([^']*)')"
CONTROLS = tuple(
    (re.compile(pattern), control)
    for pattern, control in (
        (rf"--kind {_QUOTED}, or another kind, for one that is", "a kind, under “Which types are organisations”"),
        (rf"--kind {_QUOTED} keeps that type", "“Which types are organisations” takes them in"),
        (rf"for example --kind {_QUOTED} says what they are", "“Which types are organisations” says what they are"),
        (r"--form \"([^\"]*): elements\" reads it", r"“Columns” as “\1: label=1” reads it"),
        (rf"--columns {_QUOTED}", r"“Columns” as “\1\2”"),
        ("--split comma [|] --split none", "a choice of “Names in one cell”"),
        ("--split comma takes them apart", "“Names in one cell” takes them apart"),
        ("--weights says what they mean", "“Numbers on ties” says what they mean"),
        ("--merge-same-name (merges them|takes them for one)", "“Elements with one name” makes them one"),
        ("--network takes some of them", "“Networks” takes some of them"),
        ("--encoding reads it otherwise", "“Text is stored as” reads it otherwise"),
        ("another --encoding", "another choice of “Text is stored as”"),
        ("--at DATE takes those of one date", "“As of the date” takes those of one date"),
        ("--drop-dangling drops such ties, --add-dangling adds the elements",
         "“A tie to what is no element” leaves such ties out, or adds the elements"),
        ("--drop-dangling drops such ties, --add-dangling too", "“A tie to what is no element” leaves such ties out"),
        ("--drop-dangling drops", "“A tie to what is no element” drops"),
        ("--columns", "Columns"), ("--network", "Networks"), ("--weights", "Numbers on ties"), ("--kind", "Kind"),
        ("--encoding", "“Text is stored as”"), ("--at", "As of the date"),
        ("--sheet", "Sheets"), ("--form", "A table is"), ("--split", "Names in one cell"),
    )
)  # fmt: skip
"""What the import says, and what the page's controls are called; longer texts first."""


def on_page(words: str) -> str:
    """Return a sentence of the import as the page says it.

    >>> on_page("weights of ties were not used: strength is blank; --weights says what they mean")
    'weights of ties were not used: strength is blank; “Numbers on ties” says what they mean'
    >>> on_page('several elements with one id; --columns "id=position from 0"')
    'several elements with one id; “Columns” as “id=position from 0”'
    """
    for pattern, control in CONTROLS:
        words = pattern.sub(lambda found, control=control: found.expand(control), words)  # type: ignore[misc]
    return words
