"""Write the words and numbers that an analysis's sentences share."""

from collections.abc import Sequence

from experiments.analysis.axes import label
from experiments.analysis.luck import Share
from experiments.analysis.question import OUTCOME, Question
from experiments.analysis.subjects import Subject
from experiments.analysis.telling import Check
from experiments.shown import difference, number, shown
from experiments.wording import capital, joined

DESIGNS = {
    "grid": "grid",
    "latin-hypercube": "Latin hypercube",
    "sobol": "Saltelli sample for Sobol’ indices",
    "morris": "Morris walks",
    "table": "table of your own",
    "one-at-a-time": "one thing at a time",
}
TOO_SMALL = "The sample is too small to tell"


def outcome_words(question: Question) -> str:
    """Return the outcome and when it is read: "practice at the end"."""
    how = shown(question.outcome)
    title = "practice" if question.outcome == OUTCOME else lower(how.title)
    if question.month is not None:
        return f"{title} at month {question.month}"
    return title if question.outcome.split("_")[-1].isdigit() else f"{title} at the end"


def what(subject: Subject, question: Question) -> str:
    """Return what was looked at, as inside a sentence."""
    words = outcome_words(question)
    return f"the difference in {words} ({subject.routes})" if subject.is_difference else f"{words} ({subject.routes})"


def amount(question: Question, value: float) -> str:
    """Write a change with its sign: "+0.76 of 10", "+3.1 points"."""
    text = difference(question.outcome, value)
    return text + (" of 10" if shown(question.outcome).factor == 10 else "")


def size(question: Question, value: float) -> str:
    """Write a size, which has no sign: "0.76 of 10"."""
    return amount(question, abs(value)).removeprefix("+")


def stand(question: Question, value: float) -> str:
    """Write a mean with one figure more than a level has."""
    how = shown(question.outcome)
    return number(value * how.factor, how.decimals + 1) + ("%" if how.unit.startswith("%") else "")


def percent(share: float) -> str:
    """Write a share as a percentage; a small one keeps a decimal."""
    return f"{number(100 * share, 1 if 0 < abs(share) < 0.0495 else 0)}%"


def ends(low: float, high: float) -> str:
    """Write a range of shares: "19 to 30%", or one where both ends read alike."""
    first, last = percent(low), percent(high)
    return last if first == last else f"{first.removesuffix('%')} to {last}"


def with_interval(share: Share) -> str:
    """Write a share with its interval: "24% (19 to 30%)"."""
    return f"{percent(share.value)} ({ends(share.low, share.high)})"


def named(names: Sequence[str]) -> str:
    """Join factors for a sentence."""
    return joined([label(name) for name in names])


def verb(stem: str, names: Sequence[object]) -> str:
    """Return a verb for one or several: "matters", "matter"."""
    return f"{stem}s" if len(names) == 1 else stem


def lower(text: str) -> str:
    """Return the text with its first letter small."""
    return text[:1].lower() + text[1:]


def spelled(n: int) -> str:
    """Return a small number as a word."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    return words[n] if n < len(words) else f"{n:,}"


def too_small(checks: Sequence[Check], where: str = "") -> str:
    """Say that a sample is too small to tell, and by which of the things it is held to."""
    return f"{TOO_SMALL}{where}: {'; '.join(check.words for check in checks if not check.passed)}."


def judged_groups(names: Sequence[str], judgements: Sequence[str], line: str) -> list[str]:
    """Say which factors hardly matter, and of which that can't be told."""
    little = [name for name, found in zip(names, judgements, strict=True) if found == "hardly matters"]
    unclear = [name for name, found in zip(names, judgements, strict=True) if found == "can't be told"]
    said = [f"{capital(named(little))} hardly {verb('matter', little)}: less than {line}."] if little else []
    if unclear:
        whether = f"Whether {named(unclear)} {verb('matter', unclear)} (more than {line})"
        said.append(f"{whether} can’t be told from this sample.")
    return said
