"""Say what one thing changed at a time does."""

from experiments.analysis.axes import choice, label, plain
from experiments.analysis.question import Question
from experiments.analysis.sentences.words import TOO_SMALL, amount, stand, verb
from experiments.analysis.steps import Step, Steps
from experiments.shown import interval
from experiments.statistics import FEWEST_TO_RANK, Verdict
from experiments.wording import joined

STEP_WORDS: dict[Verdict, tuple[str, str, str]] = {
    "ahead": ("higher", "lower", "are clear"),
    "leans": ("leans higher", "leans lower", "lean"),
    "no difference that matters": (
        "too small to matter", "too small to matter", "make no difference that matters",
    ),
    "undecided": ("undecided", "undecided", "are undecided"),
    "too few replicates": ("too few seeds", "too few seeds", "rest on too few seeds"),
}  # fmt: skip

ALONE = (
    "One thing was changed at a time: what two changes do together can’t be seen here, and a difference between routes "
    "may rest on just that. A Sobol’ design tells how much does."
)


def step_words(step: Step) -> str:
    """Return a step's verdict in a few words."""
    return STEP_WORDS[step.verdict][step.difference < 0]


def step_value(step: Step) -> str:
    """Return what a step sets its factor to."""
    is_number = isinstance(step.value, int | float) and not isinstance(step.value, bool)
    return plain(float(step.value)) if is_number else choice(step.value)


def step_name(step: Step) -> str:
    """Return what a step sets: "partner days = 40", "without rigidity"."""
    if step.factor == "without":
        return f"without {step.value}"
    return f"{label(step.factor)} = {step_value(step)}"


def steps_verdict(found: Steps, question: Question) -> str:
    """Say which change does most, or that none can be told."""
    pairs = range(found.steps[0].pairs)
    if len(pairs) < FEWEST_TO_RANK:
        few = f"{len(pairs)} {'seed' if len(pairs) == 1 else 'seeds'} {verb('rank', pairs)} nothing"
        return f"{TOO_SMALL}: {few}, it takes {FEWEST_TO_RANK}."
    clear = sorted((step for step in found.steps if step.verdict == "ahead"), key=lambda step: -abs(step.difference))
    if not clear:
        return "No single change moves it by enough to matter for certain."
    reach = interval(question.outcome, clear[0].adjusted_low, clear[0].adjusted_high)
    most = f"{step_name(clear[0])} does most: {amount(question, clear[0].difference)} ({reach})"
    return f"Of single changes, {most}."


def steps_sentences(found: Steps, question: Question) -> list[str]:
    """Say where it stands unchanged, how many changes are clear, and that interactions can't be seen."""
    count = {kind: sum(step.verdict == kind for step in found.steps) for kind in STEP_WORDS}
    told = joined([f"{count[kind]} {words[2]}" for kind, words in STEP_WORDS.items() if count[kind]])
    low, high = stand(question, found.base_low), stand(question, found.base_high)
    return [
        f"With nothing changed it stands at {stand(question, found.base)} ({low} to {high}).",
        f"Of {len(found.steps)} changes, {told}; their intervals hold together.",
        ALONE,
    ]
