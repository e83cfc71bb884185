"""What the page shows now; clock, undo."""

from dataclasses import dataclass, field
from functools import cached_property

import solara

from dashboard.address import LinkError
from dashboard.components import About, Box, Button, Choice, Message, NumberSlider, Section
from dashboard.memo import remembered
from dashboard.pages.decide.branches import Branch, Decision, History, Step, Tree
from dashboard.pages.decide.draft import Draft, Intent
from dashboard.pages.decide.sentences import change_sentence
from dashboard.pages.decide.serialisation import BRANCHES, INTENTS, history_from_text, history_to_text
from dashboard.pages.decide.timeline import kept_route, kept_scenario, phase_at
from dashboard.runs import by_month, run
from dashboard.session import Session
from simulation.initial import roster
from simulation.run import Trajectory
from simulation.scenario import Phase, ProblemError, Scenario, Shares
from simulation.state import Floats

HISTORY = "/decide"
"""Under which name the visit remembers what can be undone."""


@dataclass(frozen=True)
class Desk:
    """One moment of the page; made anew at each render, from the address."""

    session: Session
    tree: Tree
    intent: Intent = field(default_factory=Intent)
    """What is set and not decided yet, whatever the month and the branch."""
    unreadable: str = ""
    """Why what the link holds can't be shown, in words; nothing where it can."""

    # What is shown

    @cached_property
    def base(self) -> Scenario:
        """The scenario as it is planned."""
        return self.session.chosen.scenario

    @property
    def seed(self) -> int:
        """The seed, the same for all branches: the same luck."""
        return self.session.settings.seed

    @cached_property
    def months(self) -> int:
        """Months that the scenario runs."""
        return self.base.months

    @cached_property
    def now(self) -> int:
        """The month reached."""
        return self.session.month

    @property
    def at_end(self) -> bool:
        """Whether the run has come to its end."""
        return self.now >= self.months

    @property
    def index(self) -> int:
        """Which branch is in hand."""
        return min(self.session.settings.branch, len(self.tree.branches) - 1)

    @property
    def branch(self) -> Branch:
        """The branch in hand."""
        return self.tree.branches[self.index]

    @cached_property
    def names(self) -> dict[str, str]:
        """Names of the organisations by id."""
        people = roster(self.base.place)
        return dict(zip(people.ids, people.names, strict=True))

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of organisation that are there."""
        return tuple(dict.fromkeys(roster(self.base.place).kinds))

    @cached_property
    def problems(self) -> dict[int, str]:
        """What keeps branches from being run here, in words, by branch."""
        found = {}
        for index in range(len(self.tree.branches)):
            try:
                self.scenario(index)
            except ProblemError as error:
                found[index] = "; ".join(str(problem) for problem in error.problems)
        return found

    @cached_property
    def shown(self) -> list[int]:
        """Branches that can be run."""
        return [index for index in range(len(self.tree.branches)) if index not in self.problems]

    def scenario(self, index: int, tree: Tree | None = None) -> Scenario:
        """Return a branch as a scenario. Raises ProblemError where it does not fit the place."""
        return kept_scenario(self.base, (tree or self.tree).path(index), seed=self.seed)

    def found(self, index: int, tree: Tree | None = None) -> Trajectory:
        """Return the run of a branch. Raises ProblemError where it does not fit the place."""
        return run(self.scenario(index, tree), self.seed)

    def series(self, index: int, outcome: str, tree: Tree | None = None) -> Floats:
        """Return an outcome of a branch by month, (months + 1,)."""
        return by_month(self.found(index, tree), outcome)

    def in_force(self, index: int, month: int) -> Phase | None:
        """Return how the partner would work in a month without what a branch decides then; None without a partner."""
        earlier = [decision for decision in self.tree.path(index) if decision.month < month]
        try:
            route = kept_route(kept_scenario(self.base, earlier, seed=self.seed), seed=self.seed)
        except ProblemError:
            return None
        return phase_at(route, month)

    def draft(self, intent: Intent) -> Draft:
        """Return what the controls show at the month reached where this is set."""
        phase = self.in_force(self.index, self.now)
        return intent.shown(self.branch.decision_at(self.now), phase, ids=self.names, kinds=self.kinds)

    def shares_before(self, index: int) -> dict[int, Shares | None]:
        """Return how days were shared before each decision that a branch makes, by its month."""
        found = {}
        for decision in self.tree.branches[index].decisions:
            phase = self.in_force(index, decision.month)
            found[decision.month] = phase.shares if phase is not None else None
        return found

    # What can be done

    @property
    def history(self) -> History:
        """What was changed in this visit."""
        found = self.session.visitor.kept.get(HISTORY)
        return found if isinstance(found, History) else History(Step(self.tree))

    @property
    def history_text(self) -> str:
        """What was changed in this visit, for the browser to remember over a reload."""
        return _history_text(self.history)

    def remember(self, text: str) -> None:
        """Take back what the browser remembered, where it led to the branches that the address says."""
        found = history_from_text(text)
        if found is not None and found.tree == self.tree and not (self.history.past or self.history.future):
            self.session.visitor.kept[HISTORY] = found
            self.session.show_settings(self.session.settings)

    def set(self, intent: Intent) -> None:
        """Set something, to be decided later: it stands until then, in the address as all else."""
        self.session.commit(intent=INTENTS.to_text(intent))

    def move(self, intent: Intent) -> None:
        """Show what is set while a slider is on its way."""
        self.session.show(intent=INTENTS.to_text(intent))

    def change(self, tree: Tree, *, branch: int | None = None, intent: Intent | None = None) -> None:
        """Show other branches, and remember the change; `intent` is what is left to be decided (default: the same)."""
        self.session.visitor.kept[HISTORY] = self.history.changed(tree, _words(self, Desk(self.session, tree)))
        self._commit(tree, branch, intent)

    def undo(self) -> None:
        """Take the last change back."""
        self._go(self.history.undone())

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._go(self.history.redone())

    def _go(self, history: History) -> None:
        self.session.visitor.kept[HISTORY] = history
        self._commit(history.tree)

    def _commit(self, tree: Tree, branch: int | None = None, intent: Intent | None = None) -> None:
        at = self.index if branch is None else branch
        self.session.commit(
            decisions=BRANCHES.to_text(tree),
            branch=min(at, len(tree.branches) - 1),
            intent=self.session.settings.intent if intent is None else INTENTS.to_text(intent),
        )

    def go_to(self, month: int) -> None:
        """Run, or go back, to a month."""
        self.session.commit(month=self.as_setting(month))

    def as_setting(self, month: int) -> int:
        """Return a month as the address says it: nothing for the end."""
        return -1 if month >= self.months else max(month, 0)

    def decide(self, decision: Decision) -> None:
        """Take a decision in the branch in hand."""
        self.change(self.tree.decided(self.index, decision), intent=self.intent.taken(self.now))

    def fork(self, decision: Decision, name: str) -> None:
        """Take a decision in a new branch, which is then in hand."""
        tree = self.tree.forked(self.index, self.now, name)
        last = len(tree.branches) - 1
        self.change(tree.decided(last, decision), branch=last, intent=self.intent.taken(self.now))


_history_text = remembered(8)(history_to_text)


def desk_of(session: Session) -> Desk:
    """Return what the address says, and note where it changed by Back, Forward or a link."""
    tree, intent, wrong = Tree(), Intent(), []
    try:
        tree = BRANCHES.from_text(session.settings.decisions)
    except (LinkError, ProblemError) as error:
        wrong.append(str(error))
    try:
        intent = INTENTS.from_text(session.settings.intent)
    except LinkError as error:
        wrong.append(str(error))
    desk = Desk(session, tree, intent, " ".join(wrong))
    kept = session.visitor.kept
    known = kept.get(HISTORY)
    if isinstance(known, History) and known.tree != tree:
        kept[HISTORY] = known.arrived(tree, _words(Desk(session, known.tree), desk))
    elif known is None:
        kept[HISTORY] = History(Step(tree))
    return desk


def _words(before: Desk, after: Desk) -> str:
    """Say what changed, with how days were shared before the decisions that are new."""
    shares: dict[int, Shares | None] = {}
    for index, branch in enumerate(after.tree.branches):
        old = before.tree.branches[index] if index < len(before.tree.branches) else None
        if old != branch:
            shares |= after.shares_before(index)
    return change_sentence(before.tree, after.tree, shares=shares, names=after.names)


YEAR = 12
ABOUT_MONTH = About(
    what="How far the runs have come. What comes after is not drawn until you go on. Play runs on by itself; Pause or "
    "the Escape key stops it.",
    unit="months since the partner began",
    notice="Going back loses nothing: decisions made later stay, and are drawn again as you go on.",
)
ABOUT_BRANCH = About(
    what="The branch that your next decision belongs to. A branch goes as the one it grew from, until it begins.",
    why="All branches meet the same luck, so what differs between them comes from what was decided.",
    words=("Branch", "Fork", "Luck, seed"),
)


def Clock(desk: Desk) -> solara.Element:
    """Return the month reached, the branch in hand, and the ways on."""
    month = NumberSlider(
        "Run to month", desk.now, low=0, high=desk.months, about=ABOUT_MONTH, play=True,
        on_move=lambda month: desk.session.show(month=desk.as_setting(int(month))),
        on_choose=lambda month: desk.go_to(int(month)),
    )  # fmt: skip
    names = {str(index): branch.name for index, branch in enumerate(desk.tree.branches)}
    branch = Choice(
        "Branch in hand", str(desk.index), names, about=ABOUT_BRANCH,
        on_choose=lambda index: desk.session.commit(branch=int(index)),
    )  # fmt: skip
    return Section(
        "Where you are", Box(month, branch, kind="b-clock", role="group", aria_label="Month and branch"), GoOn(desk)
    )


def GoOn(desk: Desk, *, back: bool = True) -> solara.Element:
    """Return buttons to go on by a year or to the end, and back to the start."""
    buttons = [
        Button("Go on one year", lambda: desk.go_to(desk.now + YEAR), disabled=desk.at_end, kind="b-main"),
        Button("Go on to the end", lambda: desk.go_to(desk.months), disabled=desk.at_end),
    ]
    if back:
        buttons.append(Button("Back to the start", lambda: desk.go_to(0), disabled=desk.now == 0))
    return Box(*buttons, tag="p", kind="b-buttons")


def Steps(desk: Desk, *, replaying: bool, on_replay: object) -> solara.Element:
    """Return undo, redo and replay of the last change, with the change in words."""
    history = desk.history
    last = history.last
    buttons = Box(
        Button("Undo", desk.undo, disabled=not history.past),
        Button("Redo", desk.redo, disabled=not history.future),
        Button("Replay the last change", on_replay, disabled=last is None, pressed=replaying),  # type: ignore[arg-type]
        tag="p", kind="b-buttons",
    )  # fmt: skip
    words = f"Last change: {last.words}" if last is not None else ""
    return Box(buttons, Message(words) if words else Box(), kind="b-undoing")
