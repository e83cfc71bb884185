"""Remember what was changed, so that it can be undone, done again, and looked at once more: pure values."""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from dashboard.decisions.tree import Tree

MOST_STEPS = 100


class Step(NamedTuple):
    """The branches after a change, and the change in a sentence."""

    tree: Tree
    words: str = ""


class Change(NamedTuple):
    """The last change, to be looked at once more: the branches before and after it."""

    before: Tree
    after: Tree
    words: str


@dataclass(frozen=True)
class History:
    """Where one stands among the changes made; `past` and `future` are nearest last."""

    now: Step = field(default_factory=lambda: Step(Tree()))
    past: tuple[Step, ...] = ()
    future: tuple[Step, ...] = ()

    @property
    def tree(self) -> Tree:
        """The branches as they are."""
        return self.now.tree

    @property
    def last(self) -> Change | None:
        """The last change, where there is one."""
        return Change(self.past[-1].tree, self.tree, self.now.words) if self.past else None

    def changed(self, tree: Tree, words: str) -> "History":
        """Return the history after a change; what was undone before is gone. No change is no step."""
        if tree == self.tree:
            return self
        return History(Step(tree, words), (*self.past, self.now)[-MOST_STEPS:])

    def undone(self) -> "History":
        """Return the history before the last change; the same where there is none."""
        if not self.past:
            return self
        return replace(self, now=self.past[-1], past=self.past[:-1], future=(*self.future, self.now))

    def redone(self) -> "History":
        """Return the history with the change that was undone last; the same where there is none."""
        if not self.future:
            return self
        return replace(self, now=self.future[-1], past=(*self.past, self.now), future=self.future[:-1])

    def arrived(self, tree: Tree, words: str) -> "History":
        """Return the history after the branches came from elsewhere, an address say; Back and Forward are known."""
        if self.past and tree == self.past[-1].tree:
            return self.undone()
        if self.future and tree == self.future[-1].tree:
            return self.redone()
        return self.changed(tree, words)
