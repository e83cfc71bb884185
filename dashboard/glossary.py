"""List the words of the pages with what they mean in plain language, for people who have read nothing."""

import re
from typing import NamedTuple


class Word(NamedTuple):
    """A word and what it means; `notice` is what is easily misread about it."""

    term: str
    meaning: str
    notice: str = ""


def anchor_of(term: str) -> str:
    """Return the address of a word on the page Words.

    >>> anchor_of("Luck, seed")
    'luck-seed'
    """
    return re.sub(r"[^a-z0-9]+", "-", term.lower()).strip("-")


PLACE_WORDS = (
    Word("Place", "The organisations that serve one area, and the relationships among them."),
    Word(
        "Organisation",
        "A council, a health body, a charity, a school and so on. Its size is its share of the area's demand.",
        "The two ready places describe kinds of organisation. None of them is a named body.",
    ),
    Word(
        "Practice",
        "How far an organisation lives a behaviour, from 0 (not at all) to 10 (always).",
        "What is done, not what people say or score in a survey. No source measures it: it is a scale for thinking.",
    ),
    Word(
        "Relationship, trust",
        "Two organisations that have to do with one another, and how much they trust one another, from 0 to 10.",
        "Here trust is the same in both directions, which real trust need not be.",
    ),
    Word(
        "Learning partner",
        "People from outside, such as Collaborate, who help the place to learn and to change. Their days are few.",
    ),
    Word("Trust in the partner", "How much an organisation trusts the learning partner, from 0 to 10."),
    Word("Route", "How the learning partner enters a place and spends its days, phase by phase."),
    Word(
        "Site",
        "An organisation where prototypes are tried first.",
        "Whether the council is among the sites can matter more than which route is taken.",
    ),
    Word(
        "Learning partner’s days",
        "Days of work a month, shared out between six kinds of work. A place, or a scenario, says how many.",
    ),
    Word("Phase", "A stretch of months in which a route shares out days in one way, at the same sites."),
    Word("Scenario", "A place with its route, pressures, events and numbers: all that a run needs but luck."),
    Word("Weight", "An organisation's share of the place's demand: the larger its mark, the more."),
    Word("Threshold", "How much of the new way an organisation has to see around it before it follows."),
    Word("Prototype", "A small piece of real work done in the new way, to learn from."),
    Word("Vision", "A shared statement of what the place wants, such as a borough manifesto."),
)

STRAIN_WORDS = (
    Word(
        "Pressure",
        "Demand as a share of what organisations can do. Above 100% more is asked than can be done.",
    ),
    Word("Capacity", "What an organisation can do in a month, with its budget and staff."),
    Word(
        "Failure demand",
        "Demand that comes from not helping people well the first time, or from passing them on.",
        "It falls as practice rises, but only some months later.",
    ),
    Word("Rigidity", "How far pressure has closed an organisation to anything new."),
    Word("Breach", "Something that breaks trust between two organisations. It costs more than many good months give."),
    Word(
        "Restructure", "An organisation is reorganised. It takes some of its capacity for months, and can cost trust."
    ),
    Word("Slip-back", "Practice lost each month to business as usual. Infrastructure and reflection lessen it."),
    Word(
        "Infrastructure",
        "How organisations are governed, how money flows, how staff are developed, and to whom they answer.",
        "By itself it changes no practice. It sets how high practice can rise and how well it lasts.",
    ),
    Word("Evidence", "What prototypes have shown. It makes others readier to follow."),
    Word(
        "Windows",
        "Months in which an organisation has energy, or a place is open to a shared vision. They come by luck.",
    ),
    Word(
        "Open talk",
        "Naming the behaviours openly. It harms where relationships are not ready for it, and helps where they are.",
        "Whether talking from the first day is worse than never talking depends on rules of the model: see the claims.",
    ),
)

DOUBT_WORDS = (
    Word(
        "Luck, seed",
        "All that happens by chance in one run: shocks, windows, breaches. One seed number is one course of luck.",
        "Two routes on the same seed share all luck, so their difference comes from the route.",
    ),
    Word("Run", "One place, one route, one course of luck, month by month."),
    Word(
        "Band",
        "Where 90 of 100 runs lie.",
        "It shows how much is luck. A wide band with a small difference means: luck matters more than the route.",
    ),
    Word(
        "Interval (95%)",
        "How sure the average difference is, given the number of runs.",
        "It says nothing about whether the model is right.",
    ),
    Word("Difference that matters", "At least 0.2 on the scale from 0 to 10. Anything smaller is not worth a word."),
    Word("Undecided", "The interval reaches to both sides of zero: more runs are needed, or there is nothing to see."),
    Word("Assumed", "A number that no source gives. Most numbers here are assumed: change them, and see what holds."),
    Word("Plausible range", "From where to where a number may well lie. Outside it a warning is shown."),
    Word("Replicate", "One of many runs that differ by luck alone."),
    Word("Percentile, nine in ten", "Of 100 runs, 90 lie between the two ends; five lie below, five above."),
    Word("Profile", "A named set of numbers that are changed together, to see how the model behaves with them."),
    Word("Default", "The number that the model uses unless you change it. Few are measured."),
    Word(
        "Paired difference",
        "How much higher one route ends than another on the same luck, averaged over many throws of luck.",
        "Pairing takes away the luck that both share, so fewer runs tell more.",
    ),
    Word(
        "Ingredient", "One mechanism of the model. Taking it away alone, on the same luck, shows what it adds or takes."
    ),
    Word("Verdict", "What can be said of a difference, computed from its interval: never written by hand."),
    Word("Outcome, series", "What is measured of a run: a series month by month, an outcome once, mostly at the end."),
    Word("Arm", "One side of a paired difference: a route, or any scenario, run on the seeds that all arms share."),
    Word("Estimate", "An effect with its interval, as computed from the arms of an experiment."),
    Word("Ablation", "The same experiment with one mechanism switched off, to see whether the effect hangs on it."),
    Word(
        "Structure", "A rule of the model that could be another, such as how an example spreads. Others are tried too."
    ),
)

DECIDING_WORDS = (
    Word(
        "Decision",
        "What you choose at a month: where days go next, at which sites, how behaviours are talked about, events.",
        "What you leave as it is goes on as it was planned.",
    ),
    Word("Branch", "Another way on from some month, with the same luck ahead."),
    Word("Fork", "To begin a new branch at the month reached. The old one stays, so that both can be compared."),
    Word("Branch in hand", "The branch that your next decision belongs to."),
    Word(
        "Prediction",
        "What you expect before a run goes on: a shape, or values at a few months.",
        "A shape has no height. Only its rises and falls are compared with what came.",
    ),
    Word("Spread", "The same decisions on 30 throws of luck. The band holds nine in ten of them."),
    Word("Replay", "To draw the last change again beside the course it replaced."),
    Word("Files of a branch", "Its route, scenario and decisions, which the command line runs to the same numbers."),
)

EVENT_WORDS = (
    Word("Event", "Something that happens in the place in a month, whatever the partner does."),
    Word("Demand shock", "Demand rises or falls for some months, everywhere or in some organisations."),
    Word("Budget change", "Budgets rise or fall step by step; what organisations can do follows."),
    Word("Champion leaves", "Somebody who carried the new way leaves an organisation; part of its practice goes too."),
    Word("Funder exit", "The funder ends the learning partner's days."),
    Word("Closure", "An organisation closes; its demand goes to those it works with, by trust."),
    Word("Merger", "One organisation becomes part of another, which disrupts both for some months."),
    Word("Election", "The strategic window is held open, or shut, for some months."),
)

SWEEP_WORDS = (
    Word("Sweep", "Many runs over which some numbers are changed on purpose, to see what they do."),
    Word("Factor", "A number that a sweep changes."),
    Word("Point", "One set of numbers in a sweep, run on several throws of luck."),
    Word("Parallel coordinates", "One upright line a factor; each point is a line across them."),
    Word(
        "Sensitivity",
        "How much of the differences between points comes from one factor, alone or with others.",
        "It holds for the ranges of this sweep. Other ranges give other answers.",
    ),
    Word("Sobol’ index", "Sensitivity as a share: first order is a factor alone, total is with all it works with."),
    Word("Morris measures", "A quick look at sensitivity: μ* says how much a factor matters, σ how unevenly."),
    Word("Route map", "Where in the space of two factors each route does better, and where that can't be told."),
    Word("Break-even line", "Where on a map two routes come out the same."),
)
