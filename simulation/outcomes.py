"""One registry of outcomes: of each its name, title, unit, scale, meaning, what matters and where it is shown.

The recorder, tables, the data dictionary, exports, reports, pages and docs read `OUTCOMES`. An entry without a
function is a series: the recorder writes it every month (`simulation.recorder.AT` has its place), and a run's outcome
is its last value. An entry with a function is worked out from the finished trajectory.

Kernels know the names of the series and nothing else of this file: other words cost no compilation and no run.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf, isinf, isnan, nan
from typing import TYPE_CHECKING, Any, Literal

from simulation.vocabulary import BEHAVIOURS, ELEMENTS, GROUPS

if TYPE_CHECKING:
    from simulation.run import Trajectory

PRACTICE_MATTERS = 0.02
"""Smallest difference in practice worth a word, in the model's scale (0.2 on the scale shown)."""
SHARE_MATTERS = 0.05
"""Smallest difference in a share or probability worth a word."""
COLLABORATIVE = 0.25
"""Mean practice above which a place is called collaborative."""
TAKE_OFF_MONTHS = 6
"""Months that mean practice has to stay above that to count as take-off."""
KEPT_AFTER = 24
"""Months after the partner leaves at which what is kept is read."""
READ_AT = (24, 60)
"""Programme months at which practice is read besides the last."""
MINUS = "\u2212"

Place = Literal["run", "report", "pages", "headline", "strip", "claims"]
"""Where an outcome is shown: the table of `behaviours run`; the tables of a comparison's report; the choice of
outcomes of the pages Compare, Decide and Sweep; the numbers at the head of the page Place and of the page Decide; what
claims and patterns read. What is stored of runs, `analyse`, maps and exports have every outcome.
"""


@dataclass(frozen=True)
class Outcome:
    """What is measured of a run, and how it is shown to people; one of your own has a `function` of the trajectory.

    `factor` turns the model's scale into the one shown, in which `unit`, `decimals` and `meaning` are; `stored` and
    `definition` are unit and meaning in the model's own scale, as tables hold it. `matters` is the smallest difference
    worth a word, in the model's scale. `column` is where in the terminal's narrow table of a comparison it stands, and
    under which head. `of` is what a percentage that stands by itself is of. `detail` is what a function needs to be
    recorded: "months", "organisations" or "full".
    """

    name: str
    title: str = ""
    unit: str = ""
    meaning: str = ""
    factor: float = 1
    decimals: int = 2
    matters: float | None = None
    stored: str = "number"
    definition: str = ""
    shown_in: frozenset[Place] = frozenset()
    column: tuple[int, str] | None = None
    of: str = ""
    signed: bool = False
    may_not_be_reached: bool = False
    function: "Callable[[Trajectory], float] | None" = None
    detail: Literal["months", "organisations", "full"] = "months"

    def __post_init__(self) -> None:
        """Take the name for a title where there is none."""
        object.__setattr__(self, "title", self.title or self.name.replace("_", " ").capitalize())

    @property
    def is_percentage(self) -> bool:
        """Tell whether it is shown as a percentage."""
        return self.unit.startswith("%")


def take_off(trajectory: "Trajectory") -> float:
    """Return the first programme month from which practice stays collaborative for six months; infinity if never."""
    stayed = 0
    for month, above in enumerate((trajectory["practice"][trajectory.burn_in :] > COLLABORATIVE).tolist(), 1):
        stayed = stayed + 1 if above else 0
        if stayed == TAKE_OFF_MONTHS:
            return float(month + 1 - TAKE_OFF_MONTHS)
    return inf


def kept_after_exit(trajectory: "Trajectory") -> float:
    """Return practice 24 months after the partner left, less practice when it left; nan where that is not recorded."""
    leaving = trajectory.exit_month
    if leaving is None or leaving + KEPT_AFTER > trajectory.months or trajectory.burn_in + leaving == 0:
        return nan
    return trajectory.at("practice", leaving + KEPT_AFTER) - trajectory.at("practice", leaving)


def change(trajectory: "Trajectory") -> float:
    """Return mean practice less what it was before the first programme month; nan where that is not recorded."""
    return trajectory.at("practice", trajectory.months) - trajectory.at("practice", 0) if trajectory.burn_in else nan


def collaborative(trajectory: "Trajectory") -> float:
    """Return 1 where the place ends collaborative, else 0."""
    return float(trajectory["practice"][-1] > COLLABORATIVE)


def practice_at(trajectory: "Trajectory", month: int) -> float:
    """Return practice at the end of a programme month; nan where that is not recorded."""
    return trajectory.at("practice", month) if month <= trajectory.months else nan


def _ten(name: str, title: str, meaning: str, *places: Place, **more: Any) -> Outcome:
    """Return an outcome that is 0-1 in the model and 0-10 on paper."""
    return Outcome(name, title, "0\u201310", meaning, 10, 1, stored="0-1", shown_in=frozenset(places), **more)


def _percent(name: str, title: str, meaning: str, *places: Place, **more: Any) -> Outcome:
    """Return an outcome that is a share in the model and a percentage on paper."""
    more.setdefault("matters", SHARE_MATTERS)
    return Outcome(name, title, "%", meaning, 100, 0, stored="share", shown_in=frozenset(places), **more)


def _of_capacity(name: str, title: str, meaning: str, *places: Place, **more: Any) -> Outcome:
    """Return an outcome that is a share of capacity in the model, which may be above 1, and a percentage on paper."""
    more.setdefault("decimals", 0)
    return Outcome(name, title, "% of capacity", meaning, 100, stored="share of capacity", of="of capacity",
                   shown_in=frozenset(places), **more)  # fmt: skip


def _technical(name: str, definition: str, stored: str = "share") -> Outcome:
    """Return a series that is kept for those who look into the model; it is shown as it is."""
    return Outcome(name, definition=definition, stored=stored)


_ENDS: dict[str, Any] = {"matters": PRACTICE_MATTERS}
_GROUPS = {
    group: _ten(
        group, f"{group.capitalize()} behaviours", f"mean of the {group} behaviours", "run", "pages", "claims",
        definition=f"mean practice of behaviours {k}-{k + 2}", **_ENDS,
    )
    for group, k in zip(GROUPS, (1, 4, 7), strict=True)
}  # fmt: skip
OUTCOMES: tuple[Outcome, ...] = (
    # series of the place
    _ten("practice", "Practice, all nine behaviours", "mean over organisations and behaviours",
         "run", "pages", "headline", "strip", "claims",
         definition="mean practice over organisations and behaviours", **_ENDS),
    *_GROUPS.values(),
    _percent("reach", "Reach", "organisations whose mean practice is above 3 of 10",
             "run", "report", "pages", "headline", "strip", "claims", column=(4, "reach"),
             of="of organisations, above 3 of 10", definition="share of organisations with mean practice above 0.3"),
    _percent("gained", "Organisations that gained", "organisations that gained at least 1 of 10", "run", "pages",
             definition="share of organisations that gained at least 0.1 since month 0"),
    _ten("trust", "Trust", "mean trust over relationships",
         "run", "report", "pages", "headline", "strip", "claims", column=(5, "trust"),
         definition="mean trust over relationships"),
    _ten("partner_trust", "Trust in the learning partner", "mean over organisations", "run", "pages",
         definition="mean trust in the learning partner"),
    _of_capacity("pressure", "Pressure", "demand as a share of capacity: above 100, more is asked than can be done",
                 "run", "report", "pages", "headline", "strip", "claims", column=(6, "pressure"),
                 definition="mean demand over capacity"),
    _of_capacity("felt_pressure", "Pressure as felt", "pressure, smoothed over some months",
                 definition="mean pressure as felt"),
    _percent("rigidity", "Rigidity", "how far pressure has closed organisations to anything new", "run", "pages",
             definition="mean rigidity"),
    _percent("failure_demand_share", "Failure demand",
             "share of all demand that is caused by not helping well the first time",
             "run", "report", "pages", "strip", "claims", column=(7, "failure demand"),
             of="of all demand", definition="mean share of failure demand in demand"),
    _technical("value_demand", "mean value demand, share of capacity at the start"),
    _ten("infrastructure", "Infrastructure", "mean of governance, commissioning, workforce and accountability",
         "run", "report", "pages", "headline", definition="mean over the four elements"),
    _ten("evidence", "Evidence", "what prototypes have shown, mean over organisations", "run", "pages",
         definition="mean evidence"),
    _ten("learning", "Learning", "mean over organisations", "run", "pages", definition="mean learning"),
    _technical("effort", "mean effort of changing"),
    _technical("strategic_window", "1 where the place's window is open"),
    _technical("energy", "share of organisations whose window is open"),
    _technical("breaches", "share of relationships with a breach of trust this month"),
    _technical("capped",
               "share of drives that met their limit of 1: where prototypes, windows and protection act weakly"),
    _of_capacity("unmet_need", "Unmet need", "need turned away (only where rationing is on)", "run",
                 decimals=1, definition="mean share of need turned away (0 without rationing)"),
    _technical("lost_demand", "demand of closed organisations that nobody took over, share of the place"),
    Outcome("living", "Organisations", "number", "organisations that are there at the end", decimals=0,
            definition="number of organisations"),
    Outcome("inequality", "Inequality of practice", "Gini, 0\u20131",
            "how unevenly practice is spread over organisations: 0 where all are alike, near 1 where few hold it all",
            matters=SHARE_MATTERS, stored="0-1", column=(8, "inequality"),
            shown_in=frozenset({"run", "report", "pages", "claims"}),
            definition="Gini coefficient of mean practice over organisations, 0 where none has any"),
    _percent("lost", "Organisations that lost practice", "organisations that practise less than before the first month",
             "run", "report", "pages", "claims", column=(9, "lost"),
             definition="share of organisations with less mean practice than at month 0"),
    # worked out from the finished run
    _ten("change", "Gain in practice since the start", "mean practice less what it was before the first month", "run",
         function=change, signed=True, **_ENDS),
    _percent("collaborative", "Runs that end collaborative", "runs whose mean practice ends above 2.5 of 10",
             function=collaborative, definition="1 where mean practice ends above 0.25, else 0"),
    Outcome("take_off", "Months to take-off", "months",
            "first month from which mean practice stays above 2.5 of 10 for six months", decimals=0, stored="months",
            shown_in=frozenset({"run", "report"}), column=(3, "take-off"), function=take_off, may_not_be_reached=True,
            definition="first month from which mean practice stays above 0.25 for six months"),
    _ten("kept_after_exit", "Change in the two years after the partner leaves",
         "practice 24 months after the partner has left, less practice when it left", "run", "report", "claims",
         function=kept_after_exit, signed=True, **_ENDS),
    # means by behaviour and element, recorded beside the series
    *(_ten(f"practice_{b.id}", f"{b.number}. {b.title}", f"{b.group} behaviour {b.number}", **_ENDS)
      for b in BEHAVIOURS),
    *(_ten(f"infrastructure_{e.id}", e.title, e.meaning) for e in ELEMENTS),
    # practice two and five years in
    *(_ten(f"practice_{month}", f"Practice at month {month}", f"mean practice {years} years in", "claims",
           function=partial(practice_at, month=month), column=(place, f"month {month}"), **_ENDS)
      for place, (month, years) in enumerate(zip(READ_AT, ("two", "five"), strict=True), 1)),
)  # fmt: skip
"""Every outcome, in the order of the columns that keep it."""

RUN_COLUMNS = tuple(outcome.name for outcome in OUTCOMES)
"""What is kept of a run."""
MONTH_COLUMNS = tuple(outcome.name for outcome in OUTCOMES if outcome.function is None)
"""What is kept of each month: the series, then means by behaviour and by element."""
SERIES = MONTH_COLUMNS[: -len(BEHAVIOURS) - len(ELEMENTS)]
"""Columns of `simulation.recorder.Record.series`."""
_BY_NAME = {outcome.name: outcome for outcome in OUTCOMES}
_OWN: dict[str, Outcome] = {}


def shown_in(*places: Place) -> tuple[str, ...]:
    """Return the names of the outcomes that are shown in any of these places, in their order."""
    return tuple(outcome.name for outcome in OUTCOMES if not outcome.shown_in.isdisjoint(places))


def by_month(outcomes: Sequence[str]) -> tuple[str, ...]:
    """Return those outcomes that are kept of each month."""
    return tuple(name for name in outcomes if name in MONTH_COLUMNS)


def know(own: Outcome) -> None:
    """Let an outcome of one's own be shown in its words from now on; of two with one name the newest is."""
    _OWN[own.name] = own


def shown(outcome: str) -> Outcome:
    """Return how an outcome is shown; one that nobody has declared is shown as it is, with two decimals."""
    return _BY_NAME.get(outcome) or _OWN.get(outcome) or Outcome(outcome)


def number(value: float, decimals: int, *, signed: bool = False) -> str:
    """Write a number with a true minus sign; what rounds to zero has no sign."""
    text = f"{abs(value):,.{decimals}f}"
    if not text.strip("0.,"):
        return text
    sign = MINUS if value < 0 else "+" if signed else ""
    return sign + text


def level(outcome: str, value: float) -> str:
    """Write a level in the scale shown, without its unit: "2.2", "87%", "not reached"."""
    how = shown(outcome)
    if isnan(value):
        return "not measured"
    if value == inf:
        return "not reached"
    return number(value * how.factor, how.decimals, signed=how.signed) + ("%" if how.is_percentage else "")


def band(outcome: str, low: float, high: float) -> str:
    """Write a range of levels: "0.6 to 4.8"."""
    if low == high:
        return level(outcome, low)
    return f"{level(outcome, low)} to {level(outcome, high)}"


def difference(outcome: str, value: float) -> str:
    """Write a difference with its sign and one decimal more than a level: "+0.76", "-3.1 points"."""
    how = shown(outcome)
    if isnan(value) or isinf(value):
        return "not measured"
    points = " points" if how.is_percentage else ""
    return number(value * how.factor, how.decimals + 1, signed=True) + points


def interval(outcome: str, low: float, high: float) -> str:
    """Write the interval of a difference: "+0.65 to +0.87"."""
    if isinf(low) or isinf(high):
        return "without end"
    return f"{difference(outcome, low).removesuffix(' points')} to {difference(outcome, high)}"
