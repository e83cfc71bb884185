"""The learning partner's month in plain NumPy: phases, sites, doses and openness (docs/odd.md, routes).

Symbols are those of the model's description. Arrays over organisations have shape (N,).
"""

from types import SimpleNamespace

import numpy as np

BREADTH, DEPTH, APPROACH = 0, 1, 2  # the phases of an opportunistic and of an adaptive route
HELP, CONVENE, PROTOTYPE, VISION, REFLECT, REWIRE = range(6)  # the order of shares in a phase


def nothing(N):
    """Return the doses of a month without a partner: all zero."""
    zero = np.zeros(N)
    return SimpleNamespace(
        help=zero,
        convene=zero,
        prototype=zero,
        reflect=zero,
        vision=0.0,
        rewire=0.0,
        ov=zero,
        total=zero,
        on_site=zero,
        weights=np.zeros(3),
    )


def saturating(d, half, power=1):
    """Return d^n / (d^n + half^n); zero days give zero."""
    d = np.asarray(d, dtype=float)
    with np.errstate(invalid="ignore"):
        return np.where(d > 0, d**power / (d**power + half**power), 0.0)


def fixed_phase(policy, p):
    """Return the index of the phase that contains programme month p, or None when the last is over."""
    end = 0
    for index, months in enumerate(policy["months"]):
        end += months
        if p < end:
            return index
    return None


def opportunistic_phase(policy, p, W, used):
    """Return this month's phase of an opportunistic route and count it in `used` = [breadth, depth] months.

    Breadth while the strategic window is open and breadth months are left, or when depth is used up.
    """
    breadth_months, depth_months = policy["months"][:2]
    if p >= breadth_months + depth_months:
        return fixed_phase(policy, p)
    breadth = (W == 1 and used[BREADTH] < breadth_months) or used[DEPTH] >= depth_months
    phase = BREADTH if breadth else DEPTH
    used[phase] += 1
    return phase


def ranked(candidates, first, second):
    """Return candidates by `first`, highest first; ties by `second`, highest first, then by number."""
    return sorted(candidates, key=lambda i: (-first[i], -second[i], i))


def order_of_sites(world, choices, par, X, U, t, e, read):
    """Return every organisation that may be a site, the best first; `read` are the errors of reading (N, 3)."""
    N, council, A = len(X), world["council"], world["A"]
    others = [i for i in range(N) if i != council]
    rule = choices["site_rule"]
    if rule in ("standing", "energy"):
        X, U, t = X + par.sO * read[:, 0], U + par.sO * read[:, 1], t + par.sO * read[:, 2]
        score = X + par.site_U * U - t + par.site_tie * A[council]
        if rule == "energy":
            score = score + e
        order = ranked(others, score, world["zth"])
    else:
        luck = world["site_luck"]
        order = ranked(others, luck, luck)
        if rule == "clustered" and order:
            centre = order[0]
            tied = [i for i in order[1:] if A[centre, i]]
            rest = [i for i in order[1:] if not A[centre, i]]
            order = [centre, *tied, *rest]
    return [council, *order] if choices["council"] == "first" else order


class Partner:
    """The learning partner: what it remembers from month to month is its phase, its sites and months used."""

    def __init__(self, route, policy, choices):
        """Begin before the first phase; `used` counts the months of breadth and depth so far."""
        self.route, self.policy, self.choices = route, policy, choices
        self.used = [0, 0]
        self.phase = None
        self.sites = []
        self.weights = np.array([0.5, 0.5, 0])  # of breadth, depth and approach, where the route is adaptive
        self.read = None  # practice as it was read at the last review
        self.reviews = 0

    def choose_sites(self, phase, world, par, X, U, t, e, read):
        """Choose sites when a phase begins (opportunistic: also when a spell of depth begins)."""
        if self.route == "opportunistic":
            begins = self.phase is None or (phase != self.phase and phase != BREADTH)
        else:
            begins = phase != self.phase
        self.phase = phase
        if not begins:
            return
        wanted = self.policy.get("phase_sites", ["choose"] * len(self.policy["months"]))[phase]
        if wanted == "keep" and self.sites:
            return
        if wanted in ("choose", "keep"):
            self.sites = order_of_sites(world, self.choices, par, X, U, t, e, read)[: self.policy["sites"]]
        else:
            self.sites = list(wanted)

    def month(self, p, par, world, W, e, X, U, t, gate, read):
        """Return this month's doses, openness `ov` and their sum `total`; `read` are the errors of reading (N, 3)."""
        N = len(X)
        if self.route == "none" or p < 0:
            return nothing(N)
        if self.route == "opportunistic":
            phase = opportunistic_phase(self.policy, p, W, self.used)
        else:
            phase = fixed_phase(self.policy, p)
        if phase is None:
            return nothing(N)
        adapts = self.route == "adaptive" and phase < APPROACH
        anew = adapts and p % par.tR == 0 and self.review(par, X + par.sO * read[:, 0])
        self.choose_sites(min(phase, BREADTH) if adapts else phase, world, par, X, U, t, e, read)
        if anew:
            self.choose_others(world, par, X, U, t, e, read)
        weights = self.weights if adapts else np.eye(len(self.policy["phases"]))[phase]
        share = weights @ np.array(self.policy["phases"])
        doses = self.doses(share, weights @ [self.mix(k) for k in range(len(weights))], par, world, U)
        doses.weights = self.weights.copy()
        doses.ov = self.openness(p, par, gate)
        total = doses.help + doses.convene + doses.prototype + doses.reflect + par.wV * doses.vision
        doses.total = total / (1 + total)
        return doses

    def review(self, par, read):
        """Move days towards what moved practice, as it was read; return whether sites are to be chosen anew."""
        last, self.read = self.read, read
        if last is None:
            return False
        self.reviews += 1
        if "schedule" in self.policy:
            *weights, anew = self.policy["schedule"][self.reviews]
            self.weights = np.array(weights, dtype=float)
            return bool(anew)
        moved, on_site = read - last, np.zeros(len(read), bool)
        on_site[self.sites] = True
        on, off = (moved[which].mean() if which.any() else 0.0 for which in (on_site, ~on_site))
        stuck = max(on, off) < par.mR
        share = self.weights @ np.array(self.policy["phases"])
        mix = self.weights @ [self.mix(k) for k in range(3)]
        visits = share[HELP] + share[CONVENE] + share[REFLECT]
        days_on, days_off = share[PROTOTYPE] + visits * mix, share[VISION] + visits * (1 - mix)
        worth_on = moved[on_site].sum() / days_on if days_on > 0 else 0.0
        worth_off = moved[~on_site].sum() / days_off if days_off > 0 else 0.0
        towards = APPROACH if stuck else DEPTH if worth_on > worth_off else BREADTH
        self.weights = (1 - par.wR) * self.weights + par.wR * np.eye(3)[towards]
        return stuck

    def choose_others(self, world, par, X, U, t, e, read):
        """Choose sites anew from organisations that are none; the council stays."""
        stay = [i for i in self.sites if i == world["council"]]
        order = order_of_sites(world, self.choices, par, X, U, t, e, read)
        self.sites = (stay + [i for i in order if i not in self.sites])[: self.policy["sites"]]

    def mix(self, phase):
        """Return the part of help, convening and reflection on sites in a phase."""
        if "on_sites" in self.policy:
            return self.policy["on_sites"][phase]
        share = self.policy["phases"][phase]
        both = share[PROTOTYPE] + share[VISION]
        return share[PROTOTYPE] / both if both > 0 else 0.0

    def doses(self, share, mix, par, world, U):
        """Divide the month's days: on the sites, over the place, and what is broadcast."""
        N, Q = len(U), par.Q
        count = len(self.sites)
        on_site = np.zeros(N)
        on_site[self.sites] = 1
        at = mix * on_site / max(count, 1) + (1 - mix) / N
        access = par.u0 + (1 - par.u0) * U
        d = Q * share[PROTOTYPE] * on_site / max(count, 1)
        reflecting = np.minimum(1, at * par.M) if self.choices["reflection"] == "workshop" else at
        return SimpleNamespace(
            help=saturating(Q * share[HELP] * at, par.dh),
            convene=self.convening(share, mix, on_site, par, world, access),
            prototype=access * saturating(d, par.dhp, 2),
            reflect=access * saturating(Q * share[REFLECT] * reflecting, par.dh),
            vision=float(saturating(Q * share[VISION], par.dhv)),
            rewire=float(saturating(Q * share[REWIRE], par.dGh)),
            on_site=on_site,
        )

    def convening(self, share, mix, on_site, par, world, access):
        """Return the dose of convening under the structural choice `convening`; `M` organisations share a day.

        `neighbours`: the sites' part is shared among the sites and those tied to them. `assembly`: a share of
        the place's part is not divided; the two doses combine as 1-(1-a)(1-b).
        """
        N, days = len(on_site), par.Q * share[CONVENE]
        reached, rest = on_site, (1 - mix) / N
        if self.choices["convening"] == "neighbours":
            reached = ((on_site + world["A"] @ on_site) > 0).astype(float)
        at_sites = mix * reached / max(reached.sum(), 1)
        if self.choices["convening"] != "assembly":
            return access * saturating(days * np.minimum(1, par.M * (at_sites + rest)), par.dh)
        held = self.choices["assembly_share"]
        divided = access * saturating(days * (np.minimum(1, par.M * at_sites) + rest * (1 - held)), par.dh)
        together = access * saturating(days * (1 - mix) * held, par.dhv)
        return 1 - (1 - divided) * (1 - together)

    def openness(self, p, par, gate):
        """Return how openly behaviours are talked of: never, from a month on, or where the gate is open."""
        mode, ov = self.policy["overt_mode"], self.policy["overt"]
        if mode == 0:
            return np.zeros(len(gate))
        if mode == 1:
            return np.full(len(gate), ov if p >= self.policy["overt_t"] else 0.0)
        return np.where(gate > par.gate_open, ov, 0.0)
