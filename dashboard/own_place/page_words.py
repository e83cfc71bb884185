"""Put what an import says of the command line's options into the words of the page's own controls."""

CONTROLS = {
    "--kind 'TYPE=voluntary', or another kind, for types that are organisations": "a kind, under “Which types are "
    "organisations”",
    "--kind 'TYPE=voluntary' keeps a type": "“Which types are organisations” takes them in",
    "--weights says what they mean": "“Numbers on ties” says what they mean",
    "--merge-same-name merges them": "“Elements with one name” makes them one",
    "or --merge-same-name": "or “Elements with one name” as one and the same",
    "--network takes some of them": "“Networks” takes some of them",
    "--encoding reads it otherwise": "“Text is stored as” reads it otherwise",
    "another --encoding": "another choice of “Text is stored as”",
    "--drop-dangling drops such ties, --add-dangling adds the elements": "“A tie to what is no element” leaves such "
    "ties out, or adds the elements",
    "--drop-dangling drops such ties": "“A tie to what is no element” leaves such ties out",
    "--at DATE takes those of one date": "“As of the date” takes those of one date",
    "--encoding": "“Text is stored as”", "--at": "As of the date",
    "--columns": "Columns", "--network": "Networks", "--weights": "Numbers on ties", "--kind": "Kind",
}  # fmt: skip
"""What the import says, and what the page's controls are called; longer texts first."""


def on_page(words: str) -> str:
    """Return a sentence of the import as the page says it.

    >>> on_page("weights of ties were not used: strength is blank; --weights says what they mean")
    'weights of ties were not used: strength is blank; “Numbers on ties” says what they mean'
    """
    for option, control in CONTROLS.items():
        words = words.replace(option, control)
    return words
