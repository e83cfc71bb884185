"""List the words of the pages with what they mean in plain language, for people who have read nothing."""

from typing import NamedTuple


class Word(NamedTuple):
    """A word and what it means; `notice` is what is easily misread about it."""

    term: str
    meaning: str
    notice: str = ""


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
    Word("Prototype", "A small piece of real work done in the new way, to learn from."),
    Word("Vision", "A shared statement of what the place wants, such as a borough manifesto."),
)

STRAIN_WORDS = (
    Word(
        "Pressure",
        "Demand as a share of what organisations can do. Above 100% more is asked than can be done.",
    ),
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
    Word("Branch", "Another way on from some month, with the same luck ahead."),
)
