"""List the rules of the model that can be exchanged, with what each option means."""

from typing import NamedTuple


class Rule(NamedTuple):
    """A structural choice: its key in the settings, what it decides, its options with their titles."""

    name: str
    title: str
    decides: str
    options: dict[str, str]
    notice: str = ""


RULES = (
    Rule(
        "influence", "How an example moves others", "How an organisation answers to how far its neighbours have come.",
        {"hill": "Steep curve", "threshold": "All or nothing at a threshold", "linear": "In proportion",
         "degroot": "Averaging with neighbours"},
        "Under averaging, nothing that the partner leads moves practice.",
    ),
    Rule(
        "speed_limit", "What limits the speed of change", "Which relationships set how fast a place can move.",
        {"split": "Peers by trust, partner by maturity", "maturity": "Maturity limits both",
         "local": "Neighbours’ trust limits both"},
        "Maturity is trust among organisations and trust in the partner together.",
    ),
    Rule(
        "convening", "Where convening goes", "Who meets when the partner brings people together.",
        {"sites": "Sites, and the place as a whole", "neighbours": "Also who is tied to a site",
         "assembly": "Partly whole-place assemblies"},
    ),
    Rule(
        "update", "Order of change", "Whether all organisations change at once in a month.",
        {"synchronous": "All at once", "asynchronous": "One after another, in a random order"},
    ),
    Rule(
        "noise", "Ups and downs of demand", "How demand wavers from month to month.",
        {"normal": "Normal", "heavy-tailed": "Heavier tails: rare large shocks", "none": "None"},
    ),
    Rule(
        "rationing", "Need turned away", "Whether organisations turn need away under lasting pressure.",
        {"off": "No", "on": "Yes, and part of it comes back as crisis"},
        "The numbers under Rationing count only where this is on.",
    ),
    Rule(
        "burn_in", "The year before the partner comes", "Whether everything moves in the months before month 0.",
        {"": "As the place says", "free": "Everything moves", "held": "What a person gave is held"},
        "A place from a file is held, so that its own numbers stand at month 0; a generated one is free.",
    ),
)  # fmt: skip
PROFILES = {"full": "Full model", "lean": "Lean model: eight terms off"}
BY_RULE = {rule.name: rule for rule in RULES}
