"""Name the things of the model: behaviours, infrastructure elements, activities, kinds of organisation.

The nine titles and their numbering are Lankelly Chase's (lankellychase.org.uk/our-approach/system-behaviours).
The four infrastructure elements are those named by Collaborate CIC's essay.
"""

from typing import NamedTuple


class Behaviour(NamedTuple):
    """One of the nine system behaviours."""

    number: int
    id: str
    title: str
    group: str


class Term(NamedTuple):
    """A word of the model with its wording for people."""

    id: str
    title: str
    meaning: str


BEHAVIOURS = (
    Behaviour(1, "interconnected_whole", "People view themselves as part of an interconnected whole", "perspective"),
    Behaviour(2, "resourcefulness", "People are viewed as resourceful and bringing strengths", "perspective"),
    Behaviour(3, "shared_vision", "People share a vision", "perspective"),
    Behaviour(4, "shared_power", "Power is shared, and equality of voice actively promoted", "power"),
    Behaviour(5, "devolved_decisions", "Decision-making is devolved", "power"),
    Behaviour(6, "mutual_accountability", "Accountability is mutual", "power"),
    Behaviour(7, "trusting_dialogue", "Open, trusting relationships enable effective dialogue", "participation"),
    Behaviour(
        8,
        "collaborative_leadership",
        "Leadership is collaborative and promoted at every level",
        "participation",
    ),
    Behaviour(9, "collective_learning", "Feedback and collective learning drive adaptation", "participation"),
)
BEHAVIOUR_IDS = tuple(behaviour.id for behaviour in BEHAVIOURS)
GROUPS = ("perspective", "power", "participation")
SHARED_VISION = BEHAVIOUR_IDS.index("shared_vision")
COLLECTIVE_LEARNING = BEHAVIOUR_IDS.index("collective_learning")

ELEMENTS = (
    Term("governance", "Governance", "how organisations and the place are governed"),
    Term("commissioning", "Commissioning", "how they fund and commission"),
    Term("workforce", "Workforce", "how they develop their staff"),
    Term("accountability", "Accountability", "the accountability they are subject to and build themselves"),
)
ELEMENT_IDS = tuple(element.id for element in ELEMENTS)

SUPPORTING_ELEMENTS = {
    "interconnected_whole": ("governance", "accountability"),
    "resourcefulness": ("commissioning", "workforce"),
    "shared_vision": ("governance",),
    "shared_power": ("governance", "commissioning"),
    "devolved_decisions": ("governance", "commissioning", "workforce"),
    "mutual_accountability": ("accountability",),
    "trusting_dialogue": ("workforce",),
    "collaborative_leadership": ("governance", "workforce"),
    "collective_learning": ("commissioning", "accountability"),
}
"""Which infrastructure supports which behaviour, in equal parts (assumed)."""

ACTIVITIES = (
    Term("help", "Being helpful", "useful work that is not about behaviours, which builds trust"),
    Term("convene", "Convening", "bringing organisations together"),
    Term("prototype", "Prototypes", "small pieces of real work done the new way"),
    Term("vision", "Vision", "a shared statement of what the place wants"),
    Term("reflect", "Reflection", "space to notice, learn and regroup"),
    Term("rewire", "Rewiring infrastructure", "changing governance, funding, staffing and accountability"),
)
ACTIVITY_IDS = tuple(activity.id for activity in ACTIVITIES)

KINDS = (
    Term("council", "Council", "the corporate centre of the council"),
    Term("social-care", "Social care", "adults' and children's social care"),
    Term("council-services", "Other council services", "council services other than social care"),
    Term("health", "Health", "hospitals, mental health, primary and community care, health commissioning"),
    Term("housing", "Housing", "housing associations and providers"),
    Term("police", "Police and fire", "police and fire services"),
    Term("justice", "Probation and courts", "probation, courts and youth justice"),
    Term("employment", "Employment and benefits", "job centres, employment and benefit services"),
    Term("education", "Education", "schools, colleges and early years"),
    Term("voluntary", "Voluntary sector", "charities and advice agencies"),
    Term("community", "Community", "residents' groups, faith groups, foodbanks, mutual aid"),
    Term("business", "Business", "employers and business bodies"),
)
KIND_IDS = tuple(kind.id for kind in KINDS)
