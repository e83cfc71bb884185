"""Choose work and events at a month."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from dashboard.components import (
    About,
    Box,
    Button,
    Choice,
    Columns,
    Controls,
    Message,
    NumberSlider,
    Perhaps,
    Section,
    Text,
    TextField,
)
from dashboard.pages.decide.branches import LONGEST_NAME, MOST_BRANCHES, MOST_EVENTS, tidy
from dashboard.pages.decide.desk import Desk
from dashboard.pages.decide.draft import (
    ENDING,
    EVERYWHERE,
    KIND,
    LASTING,
    NAMED,
    PLACED,
    SIZED,
    Draft,
    Intent,
    decision_of,
    name_for,
)
from dashboard.pages.decide.sentences import KIND_WORDS, decision_sentence, event_words
from simulation.scenario import Phase, ProblemError
from simulation.scenario.events import FunderExit
from simulation.vocabulary import ACTIVITIES, Term

TITLES = {
    "": "Nothing",
    "demand-shock": "Demand rises or falls",
    "budget-change": "Budgets rise or fall",
    "restructure": "A restructure",
    "champion-leaves": "A champion leaves",
    "funder-exit": "The funder ends the partner’s days",
    "closure": "An organisation closes",
    "merger": "Two organisations merge",
    "election-window": "An election: the strategic window",
}
ABOUT = About(
    what="Something that happens in the place at this month, whatever the partner does.",
    basis="Sizes are assumed: those that stand here are examples, not estimates.",
    notice="Branches share luck, not events: an event belongs to the branch that it is added to.",
    words=("Event",),
)

ABOUT_SIZE = About(
    what="How far demand or budgets move, up or down.", unit="% of what they are in this month",
    basis="Assumed: an example, not an estimate.", words=("Demand shock", "Budget change"),
)  # fmt: skip
ABOUT_WINDOW = About(
    what="Whether the place is open to a shared vision, or shut, for some months around an election.",
    words=("Election", "Windows"),
)
ABOUT_LASTING = About(
    what="How long it lasts: a change of budgets comes step by step over these months, anything else ends after them.",
    unit="months",
)
ABOUT_WHERE = About(what="Which organisations it happens to: all, all of one kind, or one.", words=("Organisation",))
ABOUT_WHICH = About(
    what="The organisation that goes, or takes another in.", why="Its demand does not go: others have to meet it.",
    words=("Closure", "Merger"),
)  # fmt: skip

Change = Callable[[Draft], None]


def EventControls(desk: Desk, draft: Draft, change: Change) -> solara.Element:
    """Return the choice of an event and of what it needs, with those that are already added."""
    adding = draft.adding

    def with_event(**changes: Any) -> None:
        change(replace(draft, adding=adding.changed(**changes)))

    full = len(draft.events) >= MOST_EVENTS
    parts = [
        Choice("Event", adding.type, TITLES, about=ABOUT, disabled=full,
               on_choose=lambda kind: with_event(type=kind, size=-10.0 if kind == "budget-change" else 10.0))
    ]  # fmt: skip
    if adding.type in SIZED:
        parts.append(NumberSlider("By how much", adding.size, low=-50, high=50, step=5, unit="%", about=ABOUT_SIZE,
                                  on_choose=lambda size: with_event(size=size)))  # fmt: skip
    if adding.type == "election-window":
        parts.append(Choice("The window is held", "open" if adding.open else "shut", {"open": "open", "shut": "shut"},
                            about=ABOUT_WINDOW,
                            on_choose=lambda way: with_event(open=way == "open")))  # fmt: skip
    if adding.type in LASTING:
        label = "Spread over months" if adding.type == "budget-change" else "For months"
        parts.append(NumberSlider(label, adding.months, low=1, high=60, about=ABOUT_LASTING,
                                  on_choose=lambda months: with_event(months=int(months))))  # fmt: skip
    if adding.type in PLACED:
        parts.append(Choice("Where", adding.where, _places(desk), about=ABOUT_WHERE,
                            on_choose=lambda where: with_event(where=where)))  # fmt: skip
    if adding.type in ENDING:
        nobody = {"": "Choose an organisation"}
        label = "Which closes" if adding.type == "closure" else "Which one goes"
        parts.append(Choice(label, adding.organisation, nobody | desk.names, about=ABOUT_WHICH,
                            on_choose=lambda one: with_event(organisation=one)))  # fmt: skip
        if adding.type == "merger":
            others = {i: name for i, name in desk.names.items() if i != adding.organisation}
            parts.append(Choice("Into which", adding.into, nobody | others, about=ABOUT_WHICH,
                                on_choose=lambda one: with_event(into=one)))  # fmt: skip
    added = [
        Box(
            Text(f"Added: {event_words(event, desk.names, since=desk.now)}."),
            Button(f"Remove event {row + 1}", lambda row=row: change(replace(draft, events=_without(draft, row)))),
        )
        for row, event in enumerate(draft.events)
    ]
    return Box(Box("What happens besides", tag="h3"), Perhaps(*parts), Perhaps(*added))


def _without(draft: Draft, row: int) -> tuple[Any, ...]:
    return (*draft.events[:row], *draft.events[row + 1 :])


def _places(desk: Desk) -> dict[str, str]:
    kinds = {f"{KIND}{kind}": f"All of a kind: {KIND_WORDS.get(kind, kind)}" for kind in desk.kinds}
    return {EVERYWHERE: "Everywhere"} | kinds | desk.names


ABOUT_TALK = About(
    what="Whether the nine behaviours are named openly in the work, or only practised.",
    why="Talk before relationships are ready costs trust in the partner; where they are, it speeds change.",
    basis="Direction from the essay; the sizes are assumed.",
    words=("Open talk",),
)
ABOUT_SITES = About(
    what="The organisations in which prototypes are worked on, and where most help then goes.",
    why="A prototype needs a minimum of days in one place. Sites chosen anew are those that are readiest now.",
    basis="Assumed.",
    words=("Site", "Prototype"),
)
ABOUT_STAY = About(
    what="The month in which the learning partner's days end.",
    why="What is kept after that shows what the place has made its own.",
)
ABOUT_NAME = About(what="How the new branch is called in the chart and the table; it can be changed later.")
TALKS = {
    "": "As it is", "adaptive": "Where relationships are ready", "from-month": "Openly, from now on",
    "never": "Not at all",
}  # fmt: skip
SITES = {
    "": "As it is",
    "keep": "Keep the present ones",
    "choose": "Choose anew, by the route’s rule",
    NAMED: "Named ones",
}

STOPS = (0, 24, 60)
"""Months offered to go back to."""


def Choosing(desk: Desk) -> solara.Element:
    """Return the controls of a decision at the month reached, and what it would say."""
    if desk.at_end:
        return _ended(desk)
    in_force = desk.in_force(desk.index, desk.now)
    draft, plain = desk.draft(desk.intent), desk.draft(Intent())

    def following(new: Draft) -> Intent:
        return desk.intent.following(draft, new, plain, desk.now)

    def change(new: Draft) -> None:
        desk.set(following(new))

    return Section(
        f"Decide at month {desk.now}",
        Perhaps(*_told(desk)),
        Text(_present(desk, in_force)),
        _days(desk, draft, change, lambda new: desk.move(following(new))),
        Columns(_manner(desk, draft, change), EventControls(desk, draft, change)),
        _taking(desk, draft, in_force),
    )


def _ended(desk: Desk) -> solara.Element:
    """Offer ways back from the end, where nothing is left to decide."""
    months = [month for month in STOPS if month < desk.months]
    buttons = [
        Button(f"Stop at month {month}" if month else "Begin at month 0", lambda month=month: desk.go_to(month))
        for month in months
    ]
    told = "This run has come to its end, and nothing is left to decide. Go back to a month, and decide there."
    return Section("Decide", Text(told), Box(*buttons, tag="p", kind="b-buttons"))


def _present(desk: Desk, in_force: Phase | None) -> str:
    if in_force is None:
        return "The learning partner is not at work in this month. Give it days, and it comes back until the run ends."
    name = f" ({in_force.name})" if in_force.name else ""
    return f"The sliders show how days go now{name}. What you leave as it is goes on as it was planned."


def _told(desk: Desk) -> list[solara.Element]:
    """Say where days decided here do nothing, since a funder has ended them."""
    exits = (
        [event.month for event in desk.scenario(desk.index).all_events if isinstance(event, FunderExit)]
        if desk.index in desk.shown
        else []
    )
    if exits and min(exits) <= desk.now:
        return [Message(f"The funder ended the partner’s days at month {min(exits)}: days given here do nothing.")]
    return []


def _days(desk: Desk, draft: Draft, change: Change, move: Change) -> solara.Element:
    whole = all(float(share).is_integer() for share in draft.shares.values())
    sliders = [_slider(term, draft, change, move, decimals=0 if whole else 1) for term in ACTIVITIES]
    days = desk.base.numbers.partner_days * desk.base.route.days_factor
    over = draft.total > 100 + 1e-7
    rest = f" {100 - draft.total:.3g}% are not spent." if draft.total < 100 - 1e-7 else ""
    told = (
        Message(f"Together {draft.total:.4g}%: take {draft.total - 100:.3g}% away, or", kind="wrong") if over
        else Message(f"Together {draft.total:.4g}% of {days:g} days a month.{rest}")
    )  # fmt: skip
    scale = Button(
        "Make it 100%", lambda: change(draft.scaled()), disabled=abs(draft.total - 100) < 1e-7 or not draft.total
    )
    title = Box("Where the learning partner’s days go next", tag="h3")
    return Box(title, Controls(*sliders, label="Where days go next"), told, Box(scale, tag="p", kind="b-buttons"))


def _slider(term: Term, draft: Draft, change: Change, move: Change, *, decimals: int) -> solara.Element:
    meaning = f"{term.meaning[:1].upper()}{term.meaning[1:]}."
    return NumberSlider(
        term.title, draft.shares[term.id], low=0, high=100, step=2.5, unit="% of days", decimals=decimals,
        about=About(what=meaning, unit="% of the partner’s days"),
        on_move=lambda share: move(draft.with_share(term.id, share)),
        on_choose=lambda share: change(draft.with_share(term.id, share)),
    )  # fmt: skip


def _manner(desk: Desk, draft: Draft, change: Change) -> solara.Element:
    parts = [
        Choice("Sites", draft.sites, SITES, about=ABOUT_SITES,
               on_choose=lambda sites: change(replace(draft, sites=sites))),
        Perhaps(*(_named_sites(desk, draft, change) if draft.sites == NAMED else [])),
        Choice("Talk about behaviours", draft.talk, TALKS, about=ABOUT_TALK,
               on_choose=lambda talk: change(replace(draft, talk=talk))),
        *_stay(desk, draft, change),
    ]  # fmt: skip
    return Box(Box("How it works", tag="h3"), *parts)


def _named_sites(desk: Desk, draft: Draft, change: Change) -> list[solara.Element]:
    left = {"": "Add an organisation"} | {i: name for i, name in desk.names.items() if i not in draft.named}
    add = Choice(
        "Work at", "", left, about=ABOUT_SITES, hint="" if draft.named else "No site is named yet.",
        on_choose=lambda one: change(replace(draft, named=(*draft.named, one))) if one else None,
    )  # fmt: skip
    chosen = [
        Button(f"Remove {desk.names.get(one, one)}",
               lambda one=one: change(replace(draft, named=tuple(kept for kept in draft.named if kept != one))))
        for one in draft.named
    ]  # fmt: skip
    return [add, Box(*chosen, tag="p", kind="b-buttons")]


def _stay(desk: Desk, draft: Draft, change: Change) -> list[solara.Element]:
    leaving = draft.leaving
    options = {"": "Stays as planned", "now": "Leaves now", "until": "Stays until a month that I choose"}
    chosen = "" if leaving is None else "now" if leaving == desk.now else "until"
    meant = {"": None, "now": desk.now, "until": min(desk.now + 24, desk.months)}
    parts = [
        Choice("The learning partner", chosen, options, about=ABOUT_STAY,
               on_choose=lambda key: change(replace(draft, leaving=meant[key])))
    ]  # fmt: skip
    if leaving is not None and leaving > desk.now:
        parts.append(
            NumberSlider("It leaves at month", leaving, low=desk.now + 1, high=max(desk.months, leaving),
                         about=ABOUT_STAY, on_choose=lambda month: change(replace(draft, leaving=int(month))))
        )  # fmt: skip
    return parts


def _taking(desk: Desk, draft: Draft, in_force: Phase | None) -> solara.Element:
    """Return what the choice would say, and the ways to take it."""
    own = desk.branch.decision_at(desk.now)
    shares = in_force.shares if in_force is not None else None
    try:
        decision = decision_of(draft, desk.now, in_force)
        words = "" if decision.is_empty else decision_sentence(decision, before=shares, names=desk.names)
    except (ProblemError, ValueError) as error:
        decision, words = own, ""
        why = str(error)
    else:
        why = "Nothing is changed yet." if decision == own else ""
    begun = desk.now >= desk.branch.month
    full = len(desk.tree.branches) >= MOST_BRANCHES
    fork_name = desk.intent.name or name_for(decision, shares)
    hints = [
        hint
        for hint, holds in (
            (
                f"This branch begins at month {desk.branch.month}: before that, only a new branch can go another way.",
                not begun,
            ),
            (f"There are {MOST_BRANCHES} branches, as many as can be: take one away to try another.", full),
        )
        if holds
    ]
    return Box(
        Message(words or why or "Nothing is decided here any more."),
        TextField("Name of a new branch", fork_name, longest=LONGEST_NAME, about=ABOUT_NAME,
                  on_choose=lambda name: desk.set(desk.intent.changed(name=tidy(name)))),
        Box(
            Button("Fork: try it in a new branch", lambda: desk.fork(decision, fork_name), kind="b-main",
                   disabled=bool(why) or full or decision.is_empty),
            Button(f"Decide it in “{desk.branch.name}”", lambda: desk.decide(decision),
                   disabled=bool(why) or not begun),
            tag="p", kind="b-buttons",
        ),
        *[Text(hint, kind="b-hint") for hint in hints],
    )  # fmt: skip
