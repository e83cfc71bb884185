"""Guess an organisation's kind from the words of its type, or else of its name."""

import re

from experiments.importing.tables import folded

FALLBACK = "voluntary"
"""Kind of an organisation about which no word says anything."""

_NOT_ORGANISATIONS = re.compile(
    r"(people|individual|person|contact|staff|worker|user|service[ -]user|leader|database|dataset|data|system|tool|"
    r"website|document|report|need|issue|problem|theme|topic|barrier|driver|factor|variable|stock|loop|goal|outcome|"
    r"milestone|event|meeting|activity|activitie|action|project|programme|program|policy|policie|legend|key|note|"
    r"comment|heading|box|boxe|group box|shape|label|location|place|skill|resource|asset|question|concept|idea|"
    r"principle)s?"
)
_KINDS = (
    ("voluntary", "charit(y|ies|able)|voluntary|volunteer|vcs|vcse|vcfse|vcfs|third sector|ngos?|non[- ]?profits?|"
     "not[- ]for[- ]profit|social enterprises?|cics?|community interest compan(y|ies)|civil society|foundations?|"
     "citizens advice"),
    ("social-care", "social (care|services|work)|child(ren)?'?s'? (social|services)|adult'?s'? (social|services)|"
     "safeguarding|foster(ing)?"),
    ("council-services", "public health|community safety|council (tax|services?)|librar(y|ies)|leisure|planning|"
     "regeneration|environmental services|public (sector|services?|body|bodies)|statutory"),
    ("health", "health|healthcare|nhs|hospitals?|gps?|clinics?|clinical|medical|pharmac(y|ies)|icbs?|ccgs?|"
     "primary care|hospices?|ambulance|nursing|doctors?|surger(y|ies)"),
    ("police", "police|policing|constabulary|fire|emergency services"),
    ("justice", "probation|courts?|justice|prisons?|youth offending|magistrates?"),
    ("housing", "housing|homes|landlords?|homeless(ness)?|hostels?|shelters?|almshouses?"),
    ("employment", "job ?cent(re|er)s?|employment|benefits|dwp|work and pensions|unemployment"),
    ("education", "schools?|colleges?|universit(y|ies)|education(al)?|academ(y|ies|ic)|nurser(y|ies)|early years|"
     "research|training"),
    ("community", "community|communities|residents?'?|faith|church(es)?|mosques?|temples?|mutual aid|"
     "neighbou?rhood|food ?banks?|grassroots|tenants?'?|citizens?'?|associations?|clubs?"),
    ("business", "business(es)?|compan(y|ies)|private|employers?|chambers?|commercial|corporate|firms?|banks?|"
     "industry|enterprises?|retail(ers)?|smes?|ltd|plc"),
    ("council", "councils?|local (authority|authorities|government)|boroughs?|municipal(ity|ities)?|government|"
     "county|city|town hall|mayor"),
)  # fmt: skip
_PATTERNS = tuple((kind, re.compile(rf"\b({words})(?!\w)")) for kind, words in _KINDS)
_GENERAL = re.compile(
    r"(public (sector|services?|body|bodies)|statutory|government|organi[sz]ations?|agenc(y|ies)|stakeholders?|"
    r"actors?|partners?|members?|private|community|services?)"
)
"""Types that say too little: an organisation's own name comes first."""


def is_no_organisation(type_: str) -> bool:
    """Tell whether a type's name is one for what is no organisation.

    >>> is_no_organisation("Person"), is_no_organisation("Group box"), is_no_organisation("Charity")
    (True, True, False)
    """
    return _NOT_ORGANISATIONS.fullmatch(folded(type_)) is not None


def kind_of_words(text: str) -> str:
    """Return the kind that a text's words suggest; "" where none does.

    >>> kind_of_words("Voluntary & community"), kind_of_words("Mental health trust"), kind_of_words("Zebra")
    ('voluntary', 'health', '')
    """
    words = folded(text).replace("_", " ")
    return next((kind for kind, pattern in _PATTERNS if pattern.search(words)), "")


def guess_kind(type_: str, label: str) -> tuple[str, str]:
    """Return an organisation's kind, and from what it was guessed: its type, its name, or nothing.

    >>> guess_kind("Public sector", "St Ann's Hospital"), guess_kind("", "Zebra")
    (('health', 'name'), ('voluntary', 'nothing'))
    """
    by_type, by_name = kind_of_words(type_), kind_of_words(label)
    if by_type and (not by_name or not _GENERAL.fullmatch(folded(type_))):
        return by_type, "type"
    return (by_name, "name") if by_name else (FALLBACK, "nothing")
