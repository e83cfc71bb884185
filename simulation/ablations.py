"""Switch one mechanism or optional term off alone: the neutral values that do it.

`LEAN` is the smaller model of docs/odd.md: eight optional terms off.
"""

from typing import NamedTuple


class Switch(NamedTuple):
    """What `--without NAME` sets."""

    parameters: dict[str, float]
    meaning: str


WITHOUT = {
    "rigidity": Switch({"rigidity_limit": 0.0}, "organisations do not become rigid under pressure"),
    "evidence": Switch({"evidence_on_threshold": 0.0}, "evidence does not lower thresholds"),
    "windows": Switch({"shut_window_effect": 1.0}, "a shut window costs nothing"),
    "infrastructure": Switch(
        {"rewire_gain": 0.0, "infrastructure_decay": 0.0}, "infrastructure stays where it is: no ratchet"
    ),
    "ceiling": Switch({"ceiling_base": 1.0}, "infrastructure does not limit practice"),
    "failure-demand": Switch({"failure_demand_reduction": 0.0}, "practice does not lower failure demand"),
    "change-cost": Switch({"change_cost": 0.0}, "changing costs no capacity"),
    "noise": Switch({"demand_noise": 0.0, "place_noise": 0.0}, "demand does not fluctuate"),
    "restructures": Switch({"restructure_rate": 0.0}, "no random restructures"),
    "growth": Switch({"demand_growth": 0.0}, "demand does not grow"),
    "cuts": Switch({"budget_cut": 0.0, "cut_absorbed": 1.0}, "no budget cut takes capacity"),
    "breaches": Switch({"breach_floor": 0.0, "breach_under_rigidity": 0.0}, "trust is never breached"),
    "trust-gain": Switch({"trust_gain": 0.0}, "contact builds no trust"),
    "trust-decay": Switch({"trust_decay": 0.0}, "trust does not fade"),
    "speed-limit": Switch({"relationship_speed": 0.0}, "relationships do not limit the speed of change"),
    "social": Switch({"social_weight": 0.0}, "others' example has no effect"),
    "background": Switch({"background_drive": 0.0}, "nobody changes without an example"),
    "coupling": Switch({"behaviour_coupling": 0.0}, "behaviours do not support one another"),
    "difficulty": Switch({"behaviour_difficulty": 0.0}, "all behaviours are equally hard"),
    "threshold-spread": Switch({"threshold_spread": 0.0}, "all organisations have the same threshold"),
    "slip-back": Switch({"slip_back": 0.0}, "practice does not slip back"),
    "talk": Switch({"talk_share": 0.0}, "behaviours are never talked about openly"),
    "talk-damage": Switch({"talk_damage": 0.0}, "talking too early costs nothing"),
    "vision": Switch({"vision_effect": 0.0}, "vision has no effect on practice"),
    "prototypes": Switch({"prototype_effect": 0.0}, "prototypes have no direct effect on practice"),
    "protection": Switch({"prototype_protection": 0.0}, "prototypes are not shielded from rigidity"),
    "help-under-pressure": Switch({"help_under_pressure": 0.0}, "help is worth no more under pressure"),
    "reflection": Switch({"reflection_learning": 0.0}, "reflection teaches nothing"),
    "double-loop": Switch({"double_loop_learning": 0.0}, "practising behaviour 9 keeps no learning up"),
    "balance": Switch({"behaviour_balance": 1.0}, "behaviours simply add up"),
    "felt-pressure": Switch({"felt_pressure_months": 1.0}, "pressure is felt at once"),
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
