"""Look at one point of a sweep: its numbers, and its runs month by month."""

import solara

from dashboard.components import About, Controls, NumberSlider, Perhaps, Section, Table, Text
from dashboard.pages.sweeping.running import Runs
from dashboard.pages.sweeping.view import View
from dashboard.sweeping.again import Again, again, row_of
from dashboard.sweeping.points import point_sentence
from experiments.shown import shown
from experiments.wording import capital
from simulation.parameters import BY_NAME

MOST_LINES = 4
ABOUT_POINT = About(
    what="The number of the point looked at. Choose it here, in the table above, or by a click on its line.",
    notice="Points stand in the order of the design.",
)
ABOUT_SEED = About(
    what="Which of the sweep’s seeds is looked at: it decides all luck of a run.",
    notice="The same seed at another point meets the same luck.",
)


@solara.component
def OnePoint(view: View) -> solara.Element:
    """Show one point."""
    session, work = view.session, view.found.work
    point = view.point
    replicate = min(session.settings.replicate, work.replicates - 1)
    found = solara.use_memo(lambda: runs_at(view, point, replicate), [view.found.mark, point, replicate, view.key])
    controls = [
        NumberSlider("Point", point, low=0, high=work.points - 1, about=ABOUT_POINT,
                     on_choose=lambda number: session.commit(point=int(number))),
    ]  # fmt: skip
    if work.replicates > 1:
        controls.append(
            NumberSlider("Seed", work.first_seed + replicate, low=work.first_seed,
                         high=work.first_seed + work.replicates - 1, about=ABOUT_SEED,
                         on_choose=lambda seed: session.commit(replicate=int(seed) - work.first_seed))
        )  # fmt: skip
    return Section(
        f"Point {point}, month by month",
        Controls(*controls, label="Which run"),
        Perhaps(*_stored(view, point)),
        Perhaps(*_numbers(view, point)),
        Runs(found, view.outcome, title=f"Point {point}, seed {work.first_seed + replicate}", source=view.source),
    )


def runs_at(view: View, point: int, replicate: int) -> list[Again]:
    """Run the subject's route again at a point, with the others of the same place and pressure, up to four."""
    work, subject = view.found.work, view.held.subject(view.key)
    arms = [work.named(arm) for arm in work.arms]
    first = arms[0] if subject is None else subject.arm
    here = [k for k, arm in enumerate(arms) if (arm.scenario, arm.pressure) == (first.scenario, first.pressure)]
    keys = {first.route} | ({subject.second.route} if subject is not None and subject.second is not None else set())
    ordered = sorted(here, key=lambda k: arms[k].route not in keys)[:MOST_LINES]
    return [again(view.found, point, k, replicate) for k in sorted(ordered)]


def _stored(view: View, point: int) -> list[solara.Element]:
    """Return what the sweep holds of the point over all its seeds."""
    subject = view.held.subject(view.key)
    if subject is None:
        return []
    return [Text(point_sentence(view.points, subject.values[point] * shown(view.outcome).factor, point))]


def _numbers(view: View, point: int) -> list[solara.Element]:
    """Return the point's numbers beside what the scenario has by itself."""
    from experiments.analysis.axes import label, own_value

    work = view.found.work
    if not work.factors:
        return []
    subject = view.held.subject(view.key)
    base = (work.arms[0] if subject is None else subject.arm).what
    rows = []
    for factor, value in zip(work.factors, row_of(view.found, point), strict=True):
        own = own_value(base, factor.name)
        unit = BY_NAME[factor.name].unit if factor.name in BY_NAME else ""
        values = (_words(one) for one in (own if value is None else value, own))
        rows.append([capital(label(factor.name)), *values, unit])
    columns = ("Factor", "At this point", "By itself", "Unit")
    told = Text("“By itself” is what the scenario has where nothing is varied.", kind="b-hint")
    return [Table(f"Numbers of point {point}", columns, rows, words=(3,), captioned=True), told]


def _words(value: object) -> str:
    from experiments.analysis.axes import choice, plain

    if isinstance(value, int | float) and not isinstance(value, bool):
        return plain(float(value))
    return "–" if value is None else choice(value)


def Nothing(words: str) -> solara.Element:
    """Return a part that has nothing to show yet."""
    return Section("Points", Text(words))
