"""Structural choices, default first."""

from typing import Literal, NamedTuple

from pydantic import Field

from simulation.scenario.value_objects import Frozen

INFLUENCES = ("hill", "threshold", "linear", "degroot")
SPEED_LIMITS = ("split", "maturity", "local")
CONVENINGS = ("sites", "neighbours", "assembly")
UPDATES = ("synchronous", "asynchronous")
NOISES = ("normal", "heavy-tailed", "none")
RATIONINGS = ("off", "on")
BURN_INS = ("free", "held")


class Codes(NamedTuple):
    """Structural choices as the integers that the compiled mechanisms read."""

    influence: int
    speed_limit: int
    convening: int
    asynchronous: int
    rationing: int
    held: int


class Structure(Frozen):
    """Choose one option for each structural question; `burn_in` left out is decided by the place."""

    influence: Literal["hill", "threshold", "linear", "degroot"] = "hill"
    speed_limit: Literal["split", "maturity", "local"] = "split"
    convening: Literal["sites", "neighbours", "assembly"] = "sites"
    update: Literal["synchronous", "asynchronous"] = "synchronous"
    noise: Literal["normal", "heavy-tailed", "none"] = "normal"
    rationing: Literal["off", "on"] = "off"
    burn_in: Literal["free", "held"] | None = None
    burn_in_months: int = Field(12, ge=0, le=1200)

    def codes(self, *, from_file: bool) -> Codes:
        """Return the choices as integers; a place from a file is held in the burn-in unless told otherwise."""
        burn_in = self.burn_in or ("held" if from_file else "free")
        return Codes(
            influence=INFLUENCES.index(self.influence),
            speed_limit=SPEED_LIMITS.index(self.speed_limit),
            convening=CONVENINGS.index(self.convening),
            asynchronous=UPDATES.index(self.update),
            rationing=RATIONINGS.index(self.rationing),
            held=BURN_INS.index(burn_in),
        )


CHOICES = {
    "influence": (INFLUENCES, "how an example moves: steep curve, all-or-nothing threshold, in proportion, averaging"),
    "speed_limit": (
        SPEED_LIMITS,
        "what limits speed: trust among organisations for peers and maturity for the partner's work; "
        "maturity for both; trust among organisations for both",
    ),
    "convening": (
        CONVENINGS,
        "where convening goes: sites and the place; also who is tied to a site; partly as whole-place assemblies",
    ),
    "update": (UPDATES, "whether behaviours change all at once or one organisation after the other"),
    "noise": (NOISES, "normal; Student's t with 5 degrees of freedom at equal variance; none"),
    "rationing": (RATIONINGS, "whether need is turned away under lasting pressure"),
    "burn_in": (BURN_INS, "whether everything moves in the burn-in, or what a person gave is held"),
}
"""Each structural choice: its options, the default first, and what it decides."""
