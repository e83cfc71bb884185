"""Choose the elements that are organisations, and give each its kind."""

from collections import Counter
from dataclasses import dataclass, replace

from experiments.importing.asked import option
from experiments.importing.choices import LEFT_OUT, Choices
from experiments.importing.elements import Element
from experiments.importing.kinds import FALLBACK, FIRST, Language, guess_kind, in_order, is_no_organisation, is_person
from experiments.importing.tables import folded
from simulation.scenario.problems import Findings
from simulation.vocabulary import KIND_IDS

NO_TYPE = "(no type)"
MOST_SHOWN = 12
BASES = {
    "chosen": "as chosen",
    "type": "guessed from the type",
    "name": "guessed from the name",
    "nothing": "nothing says; assumed",
    "no organisation": "taken for no organisation",
}


@dataclass(frozen=True)
class Guess:
    """What was made of elements of one type: their number, the kind ("none": left out), and from what."""

    type: str
    kind: str
    basis: str
    count: int

    @property
    def shown_kind(self) -> str:
        """Return the kind for people."""
        return "left out" if self.kind == LEFT_OUT else self.kind

    @property
    def why(self) -> str:
        """Return from what the kind follows, for people."""
        return BASES[self.basis]

    def __str__(self) -> str:
        """Return all of it for people."""
        return f"{self.type}: {self.count} {self.shown_kind} ({self.why})"


def selected(elements: list[Element], choices: Choices, findings: Findings) -> tuple[dict[int, str], list[Guess]]:
    """Return the kinds of the elements that are kept, by position, and what was made of each type."""
    order = in_order(text for element in elements for text in (element.type, element.label))
    elements = _typed_by_role(elements, order)
    choices = _without_no_type(elements, choices)
    _check(elements, choices, findings)
    chosen = {folded(name): kind for name, kind in choices.kinds.items()}
    made = [_kind(element, choices, chosen, order) for element in elements]
    kinds = {position: kind for position, (kind, _) in enumerate(made) if kind != LEFT_OUT}
    counts = Counter(
        (element.type or NO_TYPE, kind, basis) for element, (kind, basis) in zip(elements, made, strict=True)
    )
    guesses = [Guess(type_, kind, basis, count) for (type_, kind, basis), count in counts.most_common()]
    if order[0].name != FIRST:
        findings.note(f"kinds were guessed by words that are {order[0].name.title()} first")
    _say(elements, made, guesses, findings)
    if elements and not kinds and not findings.problems:
        shown = ", ".join(f"'{name}'" for name in list(dict.fromkeys(guess.type for guess in guesses))[:MOST_SHOWN])
        out = next((guess.type for guess in guesses if guess.basis == "no organisation"), None)
        message = f"no element is left, since none of the types is taken for organisations: {shown}"
        allowed = "other types to keep" if out is None else f"{_keeping(out)}, or another kind, for one that is"
        findings.add(message, allowed=allowed)
    return kinds, guesses


def _without_no_type(elements: list[Element], choices: Choices) -> Choices:
    """Return choices in which "(no type)", as tables print it, stands for no type, unless a type is called so."""
    if any(folded(element.type) == NO_TYPE for element in elements):
        return choices

    def plain(name: str) -> str:
        return "" if folded(name) == NO_TYPE else name

    return replace(
        choices,
        kinds={plain(name): kind for name, kind in choices.kinds.items()},
        only=tuple(map(plain, choices.only)),
        without_types=tuple(map(plain, choices.without_types)),
    )


def _keeping(type_: str) -> str:
    """Return the option that keeps the elements of a type."""
    return option("--kind", f"{type_}={FALLBACK}")


def _typed_by_role(elements: list[Element], order: tuple[Language, ...]) -> list[Element]:
    """Return elements whose roles stand for their types where none has a type, and every role is a person's.

    A role such as coordinator may be an organisation's: where others have roles that no person has, it is.
    """
    roles = {element.role for element in elements if element.role}
    if not roles or any(element.type for element in elements) or not all(is_person(role, order) for role in roles):
        return elements
    return [replace(element, type=element.role) for element in elements]


def _kind(element: Element, choices: Choices, chosen: dict[str, str], order: tuple[Language, ...]) -> tuple[str, str]:
    """Return an element's kind, or "none" where it is left out, and from what that follows."""
    type_, only = folded(element.type), {folded(name) for name in choices.only}
    if (only and type_ not in only) or type_ in {folded(name) for name in choices.without_types}:
        return LEFT_OUT, "chosen"
    for name in (folded(element.label), type_):
        if name in chosen:
            return chosen[name], "chosen"
    if not only and is_no_organisation(element.type, order):
        return LEFT_OUT, "no organisation"
    return guess_kind(element.type, element.label, order)


def _check(elements: list[Element], choices: Choices, findings: Findings) -> None:
    """Add a problem for each type, name or kind that was chosen and is not there."""
    types = list(dict.fromkeys(element.type for element in elements))
    labels = [element.label for element in elements]
    known = {folded(name) for name in types}
    for key, names in (("--only", choices.only), ("--without-type", choices.without_types)):
        for name in names:
            if folded(name) not in known:
                message = "is no type in this map"
                allowed = [one or NO_TYPE for one in types]
                findings.add(message, key=key, value=name or NO_TYPE, allowed=allowed, like=types)
    for name, kind in choices.kinds.items():
        if folded(name) not in known | {folded(label) for label in labels}:
            message = "is no type and no name in this map"
            allowed = [one or NO_TYPE for one in types]
            findings.add(message, key="--kind", value=name or NO_TYPE, allowed=allowed, like=[*types, *labels])
        if kind not in (*KIND_IDS, LEFT_OUT):
            allowed_kinds = (*KIND_IDS, LEFT_OUT)
            findings.add("is not a kind", key="--kind", value=kind or '""', allowed=allowed_kinds, like=allowed_kinds)


def _say(elements: list[Element], made: list[tuple[str, str]], guesses: list[Guess], findings: Findings) -> None:
    out = [guess for guess in guesses if guess.kind == LEFT_OUT]
    if out:
        shown = ", ".join(f"{guess.type} ({guess.count})" for guess in out[:MOST_SHOWN])
        number = sum(guess.count for guess in out)
        guessed = next((guess.type for guess in out if guess.basis == "no organisation"), None)
        hint = "" if guessed is None else f"; {_keeping(guessed)} keeps that type"
        findings.note(f"elements left out by type: {number}: {shown}{hint}")
    for guess in guesses:
        if guess.kind != LEFT_OUT and guess.basis != "nothing":
            findings.note(f"kind: {guess}")
    unknown = [element.label for element, (_, basis) in zip(elements, made, strict=True) if basis == "nothing"]
    if unknown:
        shown = ", ".join(f"'{name}'" for name in unknown[:MOST_SHOWN])
        more = f" and {len(unknown) - MOST_SHOWN} more" if len(unknown) > MOST_SHOWN else ""
        findings.note(f"kind assumed {FALLBACK}, since neither type nor name says: {len(unknown)}: {shown}{more}")
    kept = sum(guess.count for guess in guesses if guess.kind != LEFT_OUT)
    if 2 * len(unknown) > kept:
        text = f"over half of the kinds are assumed: {len(unknown)} of {kept} are {FALLBACK} since nothing says"
        type_ = next(guess.type for guess in guesses if guess.basis == "nothing")
        findings.doubt(text, hint=f"for example {option('--kind', f'{type_}=health')} says what they are")
