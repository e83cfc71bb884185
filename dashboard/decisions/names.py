"""Keep names that people type: on one line, not too long, no two alike."""

LONGEST_NAME = 40


def free_name(wanted: str, taken: set[str]) -> str:
    """Return the wanted name, or the first with a number that is not taken.

    >>> free_name("Early", {"Early", "Early 2"})
    'Early 3'
    """
    name, number = wanted, 2
    while name in taken:
        name = f"{wanted[: LONGEST_NAME - len(str(number)) - 1].rstrip()} {number}"
        number += 1
    return name


def tidy(name: str) -> str:
    """Return a name on one line, single blanks between words, not too long; what can't be shown is left out."""
    shown = "".join(sign if sign.isprintable() else " " for sign in name[: 10 * LONGEST_NAME])
    return " ".join(shown.split())[:LONGEST_NAME].rstrip()
