"""Switch one mechanism or optional term off alone: the neutral values that do it.

`LEAN` is the smaller model of docs/odd.md: eight optional terms off.
"""

from typing import NamedTuple


class Switch(NamedTuple):
    """What `--without NAME` sets."""

    parameters: dict[str, float]
    meaning: str
    title: str
    """The mechanism's name for people who have read nothing."""


WITHOUT = {
    "rigidity": Switch(
        {"rigidity_limit": 0.0}, "organisations do not become rigid under pressure", "Rigidity under pressure"
    ),
    "evidence": Switch(
        {"evidence_on_threshold": 0.0}, "evidence does not lower thresholds", "Evidence that lowers thresholds"
    ),
    "windows": Switch({"shut_window_effect": 1.0}, "a shut window costs nothing", "Windows that shut"),
    "infrastructure": Switch(
        {"rewire_gain": 0.0, "infrastructure_decay": 0.0},
        "infrastructure stays where it is: no ratchet",
        "Changing infrastructure",
    ),
    "ceiling": Switch(
        {"ceiling_base": 1.0}, "infrastructure does not limit practice", "Infrastructure’s limit on practice"
    ),
    "failure-demand": Switch(
        {"failure_demand_reduction": 0.0},
        "practice does not lower failure demand",
        "Less failure demand through practice",
    ),
    "change-cost": Switch({"change_cost": 0.0}, "changing costs no capacity", "Cost of changing"),
    "noise": Switch({"demand_noise": 0.0, "place_noise": 0.0}, "demand does not fluctuate", "Ups and downs of demand"),
    "restructures": Switch({"restructure_rate": 0.0}, "no random restructures", "Random restructures"),
    "growth": Switch({"demand_growth": 0.0}, "demand does not grow", "Growth of demand"),
    "cuts": Switch({"budget_cut": 0.0, "cut_absorbed": 1.0}, "no budget cut takes capacity", "Budget cuts"),
    "breaches": Switch(
        {"breach_floor": 0.0, "breach_under_rigidity": 0.0}, "trust is never breached", "Breaches of trust"
    ),
    "trust-gain": Switch({"trust_gain": 0.0}, "contact builds no trust", "Trust gained by contact"),
    "trust-decay": Switch({"trust_decay": 0.0}, "trust does not fade", "Fading of trust"),
    "speed-limit": Switch(
        {"relationship_speed": 0.0},
        "relationships do not limit the speed of change",
        "Speed limit set by relationships",
    ),
    "social": Switch({"social_weight": 0.0}, "others' example has no effect", "Neighbours’ example"),
    "background": Switch(
        {"background_drive": 0.0}, "nobody changes without an example", "Trying it without an example"
    ),
    "coupling": Switch(
        {"behaviour_coupling": 0.0}, "behaviours do not support one another", "Support between behaviours"
    ),
    "difficulty": Switch(
        {"behaviour_difficulty": 0.0}, "all behaviours are equally hard", "Harder and easier behaviours"
    ),
    "threshold-spread": Switch(
        {"threshold_spread": 0.0}, "all organisations have the same threshold", "Differing thresholds"
    ),
    "slip-back": Switch({"slip_back": 0.0}, "practice does not slip back", "Slip-back"),
    "talk": Switch({"talk_share": 0.0}, "behaviours are never talked about openly", "Open talk about behaviours"),
    "talk-damage": Switch({"talk_damage": 0.0}, "talking too early costs nothing", "Harm of talking too early"),
    "vision": Switch({"vision_effect": 0.0}, "vision has no effect on practice", "Shared vision"),
    "prototypes": Switch(
        {"prototype_effect": 0.0}, "prototypes have no direct effect on practice", "Prototypes’ direct effect"
    ),
    "protection": Switch(
        {"prototype_protection": 0.0}, "prototypes are not shielded from rigidity", "Shielding of prototypes"
    ),
    "help-under-pressure": Switch(
        {"help_under_pressure": 0.0}, "help is worth no more under pressure", "Extra worth of help under pressure"
    ),
    "reflection": Switch({"reflection_learning": 0.0}, "reflection teaches nothing", "Reflection"),
    "double-loop": Switch(
        {"double_loop_learning": 0.0}, "practising behaviour 9 keeps no learning up", "Learning kept up by behaviour 9"
    ),
    "balance": Switch({"behaviour_balance": 1.0}, "behaviours simply add up", "Weight of the weakest behaviours"),
    "felt-pressure": Switch({"felt_pressure_months": 1.0}, "pressure is felt at once", "Delay in feeling pressure"),
}
"""Neutral values by switch."""

LEAN = {
    "behaviour_balance": 1.0,
    "behaviour_difficulty": 0.0,
    "help_under_pressure": 0.0,
    "prototype_protection": 0.0,
    "breach_floor": 0.0,
    "restructure_rate": 0.0,
    "threshold_spread": 0.0,
    "felt_pressure_months": 1.0,
}
"""The eight optional terms that `--profile lean` switches off."""
