"""Say what Sobol' indices and Morris walks found."""

from experiments.analysis.axes import label
from experiments.analysis.question import Question
from experiments.analysis.screening import Screening
from experiments.analysis.sentences.words import judged_groups, named, percent, size, spelled, verb
from experiments.analysis.telling import SOME
from experiments.analysis.variance import Indices
from experiments.shown import interval, number
from experiments.wording import capital

TELLING = 0.5
"""Half-width of the sum of first indices from which it tells nothing."""


def leading_index(found: Indices) -> str:
    """Say which factor accounts for most of the variance, or which can't be ranked."""
    names, k = [found.names[j] for j in found.tied], found.tied[0]
    told = f"{found.total[k]:.2f} ±{found.total_half[k]:.2f} of the variance"
    if len(names) == 1:
        return f"{capital(named(names))} moves it most: {told}, alone and with the others."
    return f"{capital(named(names))} move it most and can’t be ranked; the largest total index is {told}."


def indices_sentences(found: Indices) -> list[str]:
    """Say how much the factors do one by one, how much together, and which hardly matter or can't be told."""
    rest, half, count = 1 - found.first_sum, found.first_sum_half, spelled(len(found.names))
    told = half <= TELLING
    said = [
        f"One by one the {count} factors account for {number(found.first_sum, 2)} ±{half:.2f} of the variance; acting "
        f"together they account for the rest, {number(rest, 2)} ±{half:.2f}."
        if told
        else f"How much the {count} factors do one by one, and how much together, can’t be told: ±{half:.2f}."
    ]
    if rest - half > 0.5:
        said.append("Interactions rule: to change one number at a time would mislead.")
    judgements = [found.judgement(k) for k in range(len(found.names))]
    return said + judged_groups(found.names, judgements, f"{percent(SOME)} of the variance")


def leading_walks(found: Screening) -> str:
    """Say which factor moves the outcome most, or which can't be ranked."""
    names = [found.names[k] for k in found.tied]
    unranked = "" if len(names) == 1 else " and can’t be ranked"
    return f"{capital(named(names))} {verb('move', names)} it most{unranked}."


def screening_sentences(found: Screening, question: Question) -> list[str]:
    """Say how large the largest effect is, which way factors work, and which hardly matter or can't be told."""
    k = found.order[0]
    reach = interval(question.outcome, found.size_low[k], found.size_high[k]).replace("+", "")
    much = size(question, found.size[k])
    said = [f"Over its whole range {label(found.names[k])} moves it by {much} on average ({reach}), up or down."]
    told = [j for j in found.order if found.judgement(j) == "matters"]
    both = [found.names[j] for j in told if found.mean_low[j] < 0 < found.mean_high[j]]
    if both:
        said.append(f"Which way {named(both)} {verb('work', both)} depends on the rest, or can’t be told.")
    wide = [found.names[j] for j in told if found.spread_low[j] > found.size_high[j]]
    if wide:
        words = "differ more from place to place than they are large: interactions or bends"
        said.append(f"The effects of {named(wide)} {words}.")
    judgements = [found.judgement(j) for j in range(len(found.names))]
    return said + judged_groups(found.names, judgements, size(question, found.line))
