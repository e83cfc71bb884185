"""Work out what moves an outcome of a sweep, in a process of its own: the libraries are large, and take seconds.

`python` is started with `main`; the question comes as JSON by standard input, the answer goes to standard output. What
is asked depends on the design, as in `behaviours analyse`, which also seeks regions and draws a report.
"""

import json
import sys
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

FORESTS = 5
"""How often factors are scored: half as often as in the report, which takes half as long."""
Kind = Literal["indices", "screening", "steps", "scores", "none"]


@dataclass(frozen=True)
class Bar:
    """One factor: its size with an interval, a second measure with one, and what may be said of it."""

    name: str
    value: float
    low: float
    high: float
    second: float | None = None
    second_low: float | None = None
    second_high: float | None = None
    judged: str = ""
    clear: bool = True
    """Whether something is said of it for certain."""


@dataclass(frozen=True)
class Sensed:
    """What was found of one subject, in the scale shown; the largest first."""

    kind: Kind
    verdict: str
    more: tuple[str, ...]
    checks: tuple[tuple[str, bool, str], ...]
    """What the sample was held to: name, whether it passes, in words with the numbers."""
    bars: tuple[Bar, ...]
    rests_on: str
    line: float | None = None
    """From where on a size is worth a word, or beyond chance."""
    notes: tuple[str, ...] = field(default=())

    @property
    def is_enough(self) -> bool:
        """Tell whether the sample passes all it is held to."""
        return all(passed for _, passed, _ in self.checks)


def to_text(found: Sensed) -> str:
    """Return an answer as JSON."""
    return json.dumps(asdict(found), ensure_ascii=False)


def from_text(text: str) -> Sensed:
    """Return an answer that `to_text` wrote. Raises ValueError, LookupError, TypeError."""
    said = json.loads(text)
    bars = tuple(Bar(**bar) for bar in said.pop("bars"))
    checks = tuple((str(name), bool(passed), str(words)) for name, passed, words in said.pop("checks"))
    rest: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in said.items()}
    return Sensed(bars=bars, checks=checks, **rest)


def sense(folder: str, outcome: str, key: str) -> Sensed:
    """Return what moves an outcome of a sweep's subject, from what is stored. Raises SweepError, ProblemError."""
    from experiments.reporting.sensitivity import basis_sentence
    from experiments.results import load
    from experiments.sensitivity.analysis import Basis
    from experiments.sensitivity.data import axes_of, question_of, read_cube, subjects_of

    results = load(folder)
    question = question_of(results.work, outcome=outcome, outcomes=results.outcomes)
    cube, now = read_cube(results, question), results.status
    subjects, notes = subjects_of(results.work, cube)
    basis = basis_sentence(Basis(cube.runs, cube.done, len(cube.failures), now.running, now.part))
    subject = next((one for one in subjects if one.key == key), None)
    axes = axes_of(results.work, results.design, results.work.arms[0] if subject is None else subject.arm)
    if subject is None or not axes:
        what = "nothing varies between the points of this plan" if subject else "no run has that outcome yet"
        return Sensed("none", f"There is nothing to ask: {what}.", (), (), (), basis, notes=tuple(notes))
    return _sensed(results, question, subject, axes, basis, tuple(notes))


def _sensed(results: Any, question: Any, subject: Any, axes: Any, basis: str, notes: tuple[str, ...]) -> Sensed:
    """Ask what the design allows; feature scores where it was drawn for nothing else."""
    import numpy as np

    from experiments.design import Morris, OneAtATime, Sobol
    from experiments.errors import MissingError
    from experiments.reporting.sensitivity import luck_sentence, sentences, used_sentence, verdict
    from experiments.sensitivity import morris as screening
    from experiments.sensitivity import sobol as variance
    from experiments.sensitivity.adequacy import luck_of
    from experiments.sensitivity.analysis import Finding, once
    from experiments.sensitivity.one_at_a_time import steps_of

    work = results.work
    own = once(work, subject.values, axes)
    means = replace(subject, values=own).means
    there = np.isfinite(means)
    names = [factor.name for factor in work.factors]
    varies = bool(there.sum() > 1 and np.ptp(means[there]) > 1e-12)
    held: dict[str, Any] = {}
    if varies and isinstance(work.design, Sobol):
        held["indices"] = variance.indices(means, names, work.design)
    elif varies and isinstance(work.design, Morris) and _same_walks(results):
        held["screening"] = screening.screening(means, names, work.design, matters=question.matters)
    elif varies and isinstance(work.design, OneAtATime):
        held["steps"] = steps_of(subject.values, work, matters=question.matters)
    elif varies and not isinstance(work.design, Sobol | Morris):
        try:
            held["scores"] = _scores(axes, means, there)
        except MissingError as error:
            notes = (*notes, str(error))
    finding = Finding(subject, tuple(axes), int(there.sum()), luck_of(own), varies, **held)
    asked: Any = _Asked(work)
    rests_on = f"{basis} {used_sentence(finding, asked)}."
    told = _told(finding, question)
    if told is None:
        why = verdict(finding, question) if not varies or not notes else "This can’t be asked here."
        return Sensed("none", why, (luck_sentence(finding.luck, finding),), (), (), rests_on, notes=notes)
    kind, line, bars = told
    if finding.scores is not None:
        from experiments.reporting.sensitivity import scores_sentence

        found_words, more = scores_sentence(finding.scores), [luck_sentence(finding.luck, finding)]
    else:
        found_words, more = verdict(finding, question), sentences(finding, question)
    checks = tuple((f"{aim}: {check.name}", check.passed, check.words) for aim, check in finding.all_checks)
    return Sensed(kind, found_words, tuple(more), checks, tuple(bars), rests_on, line, notes=notes)


@dataclass(frozen=True)
class _Asked:
    """What `used_sentence` looks at of an analysis."""

    work: Any


def _told(finding: Any, question: Any) -> tuple[Kind, float | None, list[Bar]] | None:
    """Return what was found as bars, in the scale shown; None where nothing was."""
    from experiments.sensitivity.adequacy import SOME
    from simulation.outcomes import shown

    factor = shown(question.outcome).factor
    if finding.indices is not None:
        return "indices", SOME, _of_indices(finding.indices)
    if finding.screening is not None:
        return "screening", factor * finding.screening.line, _of_walks(finding.screening, factor)
    if finding.steps is not None:
        line = None if question.matters is None else factor * question.matters
        return "steps", line, _of_steps(finding.steps, factor)
    if finding.scores is not None:
        return "scores", float(finding.scores.chance), of_scores(finding.scores)
    return None


def _of_indices(found: Any) -> list[Bar]:
    from experiments.sensitivity.data import label

    def ends(value: Any, half: Any) -> tuple[float, float, float]:
        return float(value), float(value - half), float(value + half)

    return [
        Bar(label(found.names[k]), *ends(found.total[k], found.total_half[k]),
            *ends(found.first[k], found.first_half[k]), found.judgement(k), found.judgement(k) == "matters")
        for k in found.order
    ]  # fmt: skip


def _of_walks(found: Any, factor: float) -> list[Bar]:
    from experiments.sensitivity.data import label

    def ends(k: int, *parts: Any) -> list[float]:
        return [factor * float(part[k]) for part in parts]

    bars = []
    for k in found.order:
        size, low, high = ends(k, found.size, found.size_low, found.size_high)
        spread, spread_low, spread_high = ends(k, found.spread, found.spread_low, found.spread_high)
        said = found.judgement(k)
        bars.append(
            Bar(label(found.names[k]), size, low, high, spread, spread_low, spread_high, said, said == "matters")
        )
    return bars


def _of_steps(found: Any, factor: float) -> list[Bar]:
    from experiments.reporting.sensitivity import step_name, step_words

    return [
        Bar(step_name(step), factor * step.difference, factor * step.adjusted_low, factor * step.adjusted_high,
            judged=step_words(step), clear=step.verdict not in ("undecided", "too few replicates"))
        for step in sorted(found.steps, key=lambda step: -abs(step.difference))
    ]  # fmt: skip


def of_scores(found: Any) -> list[Bar]:
    """Return feature scores as bars, clear where the lowest is above the highest of pure chance."""
    from experiments.sensitivity.data import label

    return [
        Bar(label(found.names[k]), float(found.middle[k]), float(found.low[k]), float(found.high[k]),
            judged="above chance" if found.low[k] > found.chance else "not above chance",
            clear=bool(found.low[k] > found.chance))
        for k in found.order
    ]  # fmt: skip


def _scores(axes: Any, means: Any, there: Any) -> Any:
    """Return feature scores, on a fixed random choice of very many points; None where there are too few to ask."""
    import numpy as np

    from experiments.sensitivity import feature_scoring as scoring
    from experiments.sensitivity.adequacy import FEWEST_SIDES
    from experiments.sensitivity.analysis import MOST_POINTS, SEED

    points = np.flatnonzero(there)
    if len(points) > MOST_POINTS:
        points = np.sort(np.random.default_rng(SEED).choice(points, MOST_POINTS, replace=False))
    here = [axis for axis in (axis.at(points) for axis in axes) if len(axis.levels) > 1]
    return scoring.scores(here, means[points], times=FORESTS) if here and len(points) >= FEWEST_SIDES else None


def _same_walks(results: Any) -> bool:
    """Tell whether the library here draws the walks that were run."""
    from experiments.design import columns
    from experiments.store import design_frame, design_hash

    work = results.work
    return bool(design_hash(design_frame(work, columns(work.design, work.factors))) == design_hash(results.design))


def main() -> None:
    """Answer one question; what goes wrong is said in a line, with exit status 1."""
    from experiments.store import SweepError
    from simulation.scenario import ProblemError

    asked = json.loads(sys.stdin.read())
    try:
        answer = to_text(sense(asked["folder"], asked["outcome"], asked["subject"]))
    except (SweepError, ProblemError, OSError, ValueError) as error:
        sys.stderr.write(str(error).replace(asked["folder"], "the sweep"))
        sys.exit(1)
    sys.stdout.write(answer)
