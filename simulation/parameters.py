"""Keep every number the model uses: default, plausible range, hard range, unit, and source or "assumed".

The *hard* range is what the equations mean something in; a value outside it is an error. The *plausible* range is
what sampling uses; a value outside it is a warning. Only a few of these numbers are informed by a source.
"""

from collections import namedtuple
from dataclasses import dataclass
from math import inf

ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the model.

    `low` and `high` bound the plausible range (None: not swept by default); `hard_low` and `hard_high` the hard one.
    """

    name: str
    symbol: str
    default: float
    low: float | None
    high: float | None
    hard_low: float
    hard_high: float
    unit: str
    group: str
    meaning: str
    basis: str = ASSUMED

    @property
    def swept(self) -> bool:
        """Tell whether the parameter has a plausible range to be sampled from."""
        return self.low is not None

    def is_possible(self, value: float) -> bool:
        """Tell whether the value lies in the hard range."""
        return self.hard_low <= value <= self.hard_high

    def is_plausible(self, value: float) -> bool:
        """Tell whether the value lies in the plausible range; a parameter without one takes any possible value."""
        if self.low is None or self.high is None:
            return self.is_possible(value)
        return self.low <= value <= self.high


_P = Parameter
_SHARE = (0.0, 1.0)
_TINY = 1e-6
SEDDON = "Seddon 2003; doi 10.1080/09540962.2021.1978163 (0.3-0.8)"
NAO = "NAO, Financial sustainability of local authorities, 2018"
LGA = "assumed from staff turnover of 1.2% a month, LGA workforce survey 2017/18"
CENTOLA = "Centola & Macy 2007 (0.15-0.40 of neighbours); assumed"
UNISIC = "assumed; range brackets UniSIC 2021, doi 10.1186/s43058-021-00250-6"
ESSAY = "direction from the essay; size assumed"

PARAMETERS = (
    # demand and pressure
    _P("initial_pressure", "P0", 0.96, 0.88, 1.04, _TINY, 5, "demand / capacity", "demand", "pressure at the start"),
    _P("failure_demand_share", "f", 0.50, 0.35, 0.60, 0, 0.95, "share of demand", "demand",
       "failure demand's share of all demand at the start", SEDDON),
    _P("failure_demand_reduction", "eta", 0.80, 0.5, 0.95, *_SHARE, "share", "demand",
       "largest cut in failure demand that the behaviours can make"),
    _P("shared_failure_demand", "kappa", 0.50, 0.2, 0.8, *_SHARE, "share", "demand",
       "part of failure demand made between organisations"),
    _P("behaviour_balance", "rho", 0.50, 0.3, 1, 0.05, 1, "exponent", "demand",
       "how the behaviours add up: 1 adds them, smaller gives more weight to the weakest"),
    _P("failure_demand_months", "tauF", 6, 3, 12, 1, 1e6, "months", "demand", "time for failure demand to adjust"),
    _P("felt_pressure_months", "tauP", 3, 1, 9, 1, 1e6, "months", "demand", "time for pressure to be felt"),
    _P("demand_growth", "g", 0.010, 0, 0.02, -0.5, 1, "a year", "demand", "growth of value demand", NAO),
    _P("budget_cut", "c", 0.0, 0, 0.02, -0.5, 0.99, "a year", "demand",
       "yearly budget cut where no budget path is given", NAO),
    _P("cut_absorbed", "b", 0.0, 0.2, 0.8, *_SHARE, "share", "demand",
       "share of a cut that is met without losing capacity (places: 0.5)"),
    _P("demand_noise", "sig", 0.06, 0.02, 0.12, 0, 2, "log, standard deviation", "demand",
       "an organisation's own ups and downs of demand"),
    _P("demand_noise_memory", "ar", 0.80, None, None, 0, 0.9999, "a month", "demand",
       "what is left of an organisation's ups and downs after a month"),
    _P("place_noise", "sigc", 0.05, 0, 0.1, 0, 2, "log, standard deviation", "demand",
       "ups and downs of demand across the place"),
    _P("place_noise_memory", "arc", 0.97, None, None, 0, 0.9999, "a month", "demand",
       "what is left of the place's ups and downs after a month"),
    _P("restructure_rate", "psh", 0.010, 0, 0.03, *_SHARE, "a month", "demand",
       "chance that an organisation is restructured"),
    _P("restructure_disruption", "hsh", 0.15, None, None, *_SHARE, "share of capacity", "demand",
       "capacity lost to a restructure"),
    _P("disruption_recovery", "rk", 1 / 6, None, None, *_SHARE, "a month", "demand",
       "part of the disruption that passes in a month"),
    _P("disruption_limit", "kmax", 0.50, None, None, 0, 0.95, "share of capacity", "demand",
       "most capacity that disruption can take"),
    _P("rigidity_onset", "Pstar", 1.00, 0.95, 1.05, 0, 10, "demand / capacity", "demand",
       "felt pressure at which rigidity is half its limit"),
    _P("rigidity_softness", "sR", 0.10, 0.05, 0.2, 0.001, 10, "demand / capacity", "demand",
       "how gradually rigidity sets in"),
    _P("rigidity_limit", "Rmax", 0.85, 0.6, 1, *_SHARE, "share", "demand", "most rigid an organisation becomes"),
    _P("change_cost", "kc", 0.40, 0, 0.8, 0, 0.95, "share of capacity", "demand", "capacity that changing costs"),
    # relationships
    _P("initial_trust", "T0", 0.30, 0.1, 0.5, *_SHARE, "0-1", "relationships", "mean trust at the start"),
    _P("trust_gain", "gT", 0.08, 0.04, 0.12, *_SHARE, "a month", "relationships", "trust gained by contact"),
    _P("trust_decay", "dT", 0.012, 0.005, 0.025, *_SHARE, "a month", "relationships",
       "trust lost without contact", LGA),
    _P("breach_loss", "gB", 0.30, 0.15, 0.5, *_SHARE, "share of trust", "relationships", "trust lost in a breach"),
    _P("breach_floor", "pb0", 0.004, 0, 0.01, *_SHARE, "a month", "relationships", "chance of a breach at ease"),
    _P("breach_under_rigidity", "pbR", 0.050, 0.02, 0.1, *_SHARE, "a month", "relationships",
       "added chance of a breach at full rigidity"),
    _P("contact_base", "c0", 0.35, 0.2, 0.5, *_SHARE, "0-1", "relationships", "contact in ordinary business"),
    _P("contact_from_practice", "cx", 0.60, 0.3, 0.8, 0, 10, "0-1", "relationships",
       "contact that practising together adds"),
    _P("contact_from_work", "cw", 0.80, 0.4, 1.2, 0, 10, "0-1", "relationships",
       "contact that the partner's convening and prototypes add"),
    _P("relationship_speed", "nu", 1.0, 0.5, 1.5, 0, 20, "exponent", "relationships",
       "how strictly relationships limit the speed of change (0: not at all)", ESSAY),
    # learning partner
    _P("partner_days", "Q", 20, 5, 60, 0, 1e6, "days a month", "partner", "days the learning partner spends"),
    _P("half_days", "dh", 1.0, 0.5, 2, _TINY, 1e6, "days a month in one organisation", "partner",
       "days at which help, convening or reflection has half its effect"),
    _P("prototype_half_days", "dhp", 1.2, 0.6, 2, _TINY, 1e6, "days a month in one organisation", "partner",
       "days at which a prototype has half its effect"),
    _P("vision_half_days", "dhv", 10, 5, 20, _TINY, 1e6, "days a month for the place", "partner",
       "days at which vision has half its effect"),
    _P("rewire_half_days", "dGh", 3, 1.5, 6, _TINY, 1e6, "days a month for the place", "partner",
       "days at which rewiring has half its effect"),
    _P("initial_partner_trust", "U0", 0.05, None, None, *_SHARE, "0-1", "partner", "trust in the partner at the start"),
    _P("access_without_trust", "u0", 0.40, 0.2, 0.8, *_SHARE, "0-1", "partner", "access a stranger is given"),
    _P("partner_trust_gain", "gU", 0.20, 0.1, 0.3, 0, 0.5, "a month", "partner", "trust in the partner gained by help"),
    _P("partner_trust_from_work", "wU", 0.40, 0.2, 0.6, *_SHARE, "share", "partner",
       "how much any other work together counts as help"),
    _P("help_under_pressure", "chh", 0.50, 0, 1, *_SHARE, "share", "partner", "how much more help is worth under rigidity"),
    _P("partner_trust_decay", "dU", 0.03, 0.01, 0.06, *_SHARE, "a month", "partner", "trust in the partner lost without work"),
    _P("talk_maturity", "thM", 0.55, 0.45, 0.65, 0, 2, "0-1", "partner",
       "maturity of relationships that open talk of behaviours needs", ESSAY),
    _P("talk_softness", "sM", 0.06, 0.02, 0.08, 0.001, 10, "0-1", "partner", "how gradually readiness for open talk comes"),
    _P("talk_effect", "bo", 1.50, 0.5, 2.5, 0, 100, "drive", "partner", "what open talk adds when relationships are ready"),
    _P("talk_damage", "go", 2.00, 0.5, 3, 0, 100, "a month", "partner",
       "trust in the partner lost by open talk before that", ESSAY),
    _P("talk_share", "ov", 0.50, None, None, *_SHARE, "share", "partner", "share of the work in which behaviours are named"),
    _P("talk_readiness", "ovg", 0.80, None, None, *_SHARE, "0-1", "partner", "readiness at which adaptive talk begins"),
    _P("prototype_effect", "bp", 3.00, 1.5, 5, 0, 100, "drive", "partner", "what a prototype adds to the drive to change"),
    _P("vision_effect", "bv", 0.60, 0.2, 1.5, 0, 100, "drive", "partner",
       "what a vision adds to the drive, perspective behaviours only"),
    _P("prototype_protection", "prot", 0.50, 0, 1, *_SHARE, "share", "partner", "how far a prototype is shielded from rigidity"),
    _P("site_trust_weight", "sU", 0.50, None, None, 0, 100, "weight", "partner",
       "weight of trust in the partner when sites are chosen"),
    _P("site_council_weight", "sC", 0.30, None, None, 0, 100, "weight", "partner",
       "weight of a tie to the council when sites are chosen"),
    _P("assembly_share", "sA", 1.0, None, None, *_SHARE, "share", "partner",
       "share of whole-place convening held as assemblies (only where convening is by assembly)"),
    # behaviours
    _P("adoption_rate", "alpha", 0.15, 0.1, 0.22, *_SHARE, "a month", "behaviours", "speed of taking up a behaviour at full drive"),
    _P("background_drive", "eps", 0.08, 0.04, 0.12, 0, 100, "drive", "behaviours", "drive without any example"),
    _P("social_weight", "wc", 0.80, 0.5, 1, 0, 100, "drive", "behaviours", "weight of others' example"),
    _P("behaviour_coupling", "lam", 0.30, 0.1, 0.5, *_SHARE, "share", "behaviours",
       "how far an organisation's other behaviours stand in for others' example"),
    _P("threshold", "th", 0.20, 0.14, 0.28, 0.001, 10, "share", "behaviours", "example needed before a behaviour spreads", CENTOLA),
    _P("threshold_spread", "sth", 0.04, 0, 0.08, 0, 1, "share, standard deviation", "behaviours",
       "how thresholds differ among organisations"),
    _P("behaviour_difficulty", "sdif", 0.15, 0, 0.3, 0, 0.95, "share", "behaviours",
       "perspective behaviours are easier and power ones harder by this much"),
    _P("contagion_steepness", "n", 4, 2, 8, _TINY, 1000, "exponent", "behaviours",
       "steepness of contagion (1: simple, large: an all-or-nothing threshold)", CENTOLA),
    _P("evidence_on_threshold", "psi", 0.50, 0, 0.8, 0, 0.99, "share", "behaviours", "how far evidence lowers thresholds"),
    _P("slip_back", "d0", 0.020, 0.01, 0.035, *_SHARE, "a month", "behaviours", "practice lost to business as usual", UNISIC),
    _P("slip_back_rigidity", "dR", 2.0, 0.5, 3, 0, 100, "times", "behaviours", "how much faster practice slips under rigidity"),
    _P("ceiling_base", "k0", 0.45, 0.3, 0.7, *_SHARE, "0-1", "behaviours", "practice possible without any infrastructure"),
    _P("slip_back_infrastructure", "rG", 0.50, 0.2, 0.8, *_SHARE, "share", "behaviours", "slip-back held by full infrastructure"),
    _P("slip_back_learning", "rL", 0.50, 0.2, 0.8, *_SHARE, "share", "behaviours", "slip-back held by full learning"),
    _P("rigidity_learning", "rR", 0.40, 0, 0.7, *_SHARE, "share", "behaviours", "rigidity eased by full learning"),
    # learning and evidence
    _P("reflection_learning", "aL", 0.30, 0.1, 0.5, *_SHARE, "a month", "learning", "learning gained by reflection"),
    _P("double_loop_learning", "aL9", 0.04, 0.01, 0.08, 0, 0.5, "a month", "learning",
       "learning that practising behaviour 9 keeps up"),
    _P("learning_decay", "dL", 0.05, 0.02, 0.1, 0, 0.5, "a month", "learning", "learning lost"),
    _P("reflection_under_rigidity", "lh", 0.40, None, None, *_SHARE, "share", "learning",
       "what reflection still gives at full rigidity"),
    _P("evidence_gain", "aY", 0.80, 0.3, 1.5, 0, 100, "a month", "learning", "evidence made by prototypes"),
    _P("evidence_decay", "dY", 0.02, 0.01, 0.05, *_SHARE, "a month", "learning", "evidence that goes stale"),
    _P("evidence_without_learning", "ly", 0.30, None, None, *_SHARE, "share", "learning",
       "evidence a prototype gives where nobody learns"),
    # infrastructure
    _P("initial_infrastructure", "G0", 0.10, None, None, *_SHARE, "0-1", "infrastructure", "infrastructure at the start"),
    _P("rewire_gain", "aG", 0.06, 0.03, 0.12, *_SHARE, "a month", "infrastructure", "infrastructure gained by rewiring"),
    _P("own_rewiring", "iG", 0.30, 0.1, 0.6, 0, 100, "share", "infrastructure", "rewiring that the organisations do themselves"),
    _P("infrastructure_decay", "dG", 0.006, 0.002, 0.015, *_SHARE, "a month", "infrastructure", "infrastructure lost"),
    # windows
    _P("energy_opens", "eon", 0.04, 0.02, 0.08, *_SHARE, "a month", "windows", "chance that an organisation's window of energy opens"),
    _P("energy_closes", "eoff", 0.12, 0.06, 0.24, *_SHARE, "a month", "windows", "chance that it shuts"),
    _P("shut_window_effect", "ee", 0.35, 0.1, 0.8, *_SHARE, "share", "windows", "effect that is left when a window is shut"),
    _P("strategic_opens", "won", 0.03, 0.01, 0.06, *_SHARE, "a month", "windows", "chance that the place's strategic window opens"),
    _P("strategic_closes", "woff", 0.06, 0.03, 0.12, *_SHARE, "a month", "windows", "chance that it shuts"),
    # rationing (off unless chosen)
    _P("rationing_limit", "qmax", 0.20, 0, 0.4, 0, 0.95, "share of value demand", "rationing", "most need that is turned away"),
    _P("rationing_onset", "Pq", 1.10, None, None, 0, 10, "demand / capacity", "rationing",
       "felt pressure at which half of that is turned away"),
    _P("rationing_softness", "sq", 0.10, None, None, 0.001, 10, "demand / capacity", "rationing", "how gradually it sets in"),
    _P("rationing_months", "tauq", 3, None, None, 1, 1e6, "months", "rationing", "time for eligibility to adjust"),
    _P("need_returning", "ret", 0.50, 0, 1, *_SHARE, "share", "rationing", "unmet need that comes back as crisis"),
    _P("need_return_months", "tauB", 12, None, None, 1, 1e6, "months", "rationing", "time until it comes back"),
)  # fmt: skip

BY_NAME = {parameter.name: parameter for parameter in PARAMETERS}
BY_SYMBOL = {parameter.symbol: parameter for parameter in PARAMETERS}
GROUP_TITLES = {
    "demand": "Demand, pressure and rigidity",
    "relationships": "Relationships",
    "partner": "The learning partner",
    "behaviours": "Behaviours",
    "learning": "Learning and evidence",
    "infrastructure": "Infrastructure",
    "windows": "Windows of energy",
    "rationing": "Rationing (off unless chosen)",
}
UNBOUNDED = inf

_names, _defaults = [p.name for p in PARAMETERS], [float(p.default) for p in PARAMETERS]
Parameters = namedtuple("Parameters", _names, defaults=_defaults)  # type: ignore[misc]
Parameters.__doc__ = """All numbers of one run, by name, as floats: what the compiled mechanisms read."""


def initial_value_demand(parameters: "Parameters") -> float:  # type: ignore[valid-type]
    """Return v0, value demand at the start as a share of capacity: P0 (1 - f)."""
    return float(parameters.initial_pressure * (1 - parameters.failure_demand_share))  # type: ignore[attr-defined]


def initial_failure_ratio(parameters: "Parameters") -> float:  # type: ignore[valid-type]
    """Return phi, failure demand for each unit of value demand at the start: f / (1 - f)."""
    share = parameters.failure_demand_share  # type: ignore[attr-defined]
    return float(share / (1 - share))
