"""One run of the model in plain NumPy: each step of the month as it stands in docs/odd.md, symbol by symbol.

`run(world, params, route, policy, choices)` returns series and full histories, month by month. Trust is a
dense symmetric matrix, every state is an array over organisations, and nothing is optimised.
"""

from types import SimpleNamespace

import numpy as np

from tests.plain.partner import Partner

BURN_IN = 12  # months before the programme
SHARED_VISION, SHARED_POWER, ACCOUNTABILITY, DIALOGUE, LEADERSHIP, COLLECTIVE_LEARNING = 2, 3, 5, 6, 7, 8
PERSPECTIVE, POWER, PARTICIPATION = slice(0, 3), slice(3, 6), slice(6, 9)
LEAD = np.zeros(9)  # what a day of convening leads, of the behaviours
LEAD[[DIALOGUE, LEADERSHIP, SHARED_POWER]] = 1.5, 0.75, 0.75

# Which element (governance, commissioning, workforce, accountability) supports which behaviour.
MAP = np.array(
    [
        [1, 0, 0, 1],
        [0, 1, 1, 0],
        [1, 0, 0, 0],
        [1, 1, 0, 0],
        [1, 1, 1, 0],
        [0, 0, 0, 1],
        [0, 0, 1, 0],
        [1, 0, 1, 0],
        [0, 1, 0, 1],
    ],
    dtype=float,
)
MAP = MAP / MAP.sum(axis=1, keepdims=True)

CHOICES = {
    "influence": "hill",  # hill | threshold | linear | degroot
    "speed_limit": "split",  # split | maturity | local
    "site_rule": None,  # standing | energy | scattered | clustered; None: by the route
    "council": "first",  # first | out
    "convening": "sites",  # sites | neighbours | assembly
    "assembly_share": 0.0,
    "update": "synchronous",  # synchronous | asynchronous (needs world["order"])
    "rationing": False,
    "burn_in": "free",  # free | held
    "readiness": "maturity",  # partner | maturity (version 1)
    "infrastructure_drivers": "common",  # own | common (version 1)
    "neighbours_counted": "start",  # start | present
    "reflection": "visit",  # visit | workshop
}
VERSION_1 = {  # what version 2 added, at the values that give version 1
    "sb": 0.0, "bc": 0.0, "dGw": 1.0, "oG": 0.0, "M": 1.0, "pn0": 0.0, "pnc": 0.0, "Tn": 0.2, "cn": 1.0, "Tf": 0.0,
    "ng": 1.0, "wV": 1.0, "sO": 0.0, "tR": 6, "wR": 0.25, "mR": 0.02, "meeting_cost": 0.0,
}  # fmt: skip
NOT_IN_THE_CASES = {  # parameters and constants that the reference cases leave at these values
    "cut_absorbed": 0.0,
    "k_back": 1 / 6,  # share of disruption that heals in a month
    "k_max": 0.5,  # most disruption
    "l_floor": 0.4,  # reflection's effect: l_floor + l_head h
    "l_head": 0.6,
    "Y_floor": 0.3,  # evidence from a prototype: Y_floor + Y_learn l
    "Y_learn": 0.7,
    "gate_open": 0.8,  # adaptive openness begins above this gate
    "site_U": 0.5,  # readiness of a site: X + site_U U - t + site_tie [tied to the council]
    "site_tie": 0.3,
    "qmax": 0.2,  # rationing
    "returning": 0.5,
    "q_at": 1.1,
    "q_soft": 0.1,
    "q_months": 3.0,
    "B_months": 12.0,
}


def run(world, params, route, policy, choices=None):
    """Run every month for which the world holds draws, and return a dict of series and histories.

    Shapes: series (months,); histories (months, N), (months, N, 9), (months, L), (months, 4). Row t is the
    end of month t; `P`, `R`, `Fs`, `demand` and the doses are those of month t itself.
    """
    par = SimpleNamespace(**{**VERSION_1, **NOT_IN_THE_CASES, **params})
    choices = {**CHOICES, **(choices or {})}
    if choices["site_rule"] is None:
        choices["site_rule"] = "energy" if route == "opportunistic" else "standing"
    world = prepared(world)
    t = world["threshold"] if "threshold" in world else np.clip(par.th + par.sth * world["zth"], 0.04, 0.9)
    s = start(world, par)
    partner = Partner(route, policy, choices)
    rows = []
    for month in range(len(world["zdem"])):
        rows.append(one_month(month, s, t, world, par, choices, partner))
    return collected(rows, world)


def prepared(world):
    """Return the world with the matrices and optional arrays a month needs.

    `src, dst` become all pairs that could be a relationship, those of the start first, `tied` says which are, `A` is
    the matrix of the start and `C` that of all.
    """
    world = dict(world)
    N, months = len(world["size"]), len(world["zdem"])
    potential = world.pop("psrc", np.zeros(0, int)), world.pop("pdst", np.zeros(0, int))
    count = len(world["src"])
    world["tied"] = np.arange(count + len(potential[0])) < count
    world["src"] = np.concatenate([world["src"], potential[0]])
    world["dst"] = np.concatenate([world["dst"], potential[1]])
    world["upair"] = np.hstack([world["ubre"], world.get("upot", np.zeros((months, 0)))])
    world["A"], world["C"] = matrix(world, world["tied"]), matrix(world, np.ones(len(world["tied"])))
    world.setdefault("council", 0)
    world.setdefault("exposure", np.ones(N))
    world.setdefault("zdif", np.zeros((N, 9)))
    world.setdefault("zread", np.zeros((months, N, 3)))
    return world


def matrix(world, values):
    """Return the symmetric matrix with one value a pair, 0 where there is none."""
    N = len(world["size"])
    M = np.zeros((N, N))
    M[world["src"], world["dst"]] = M[world["dst"], world["src"]] = values
    return M


def start(world, par):
    """Return the state before month 0."""
    N = len(world["size"])
    trust = np.zeros(len(world["tied"]))
    trust[world["tied"]] = world["trust"] if "trust" in world else np.clip(par.T0 * world["T0"], 0, 1)
    return SimpleNamespace(
        x=np.array(world["x0"], dtype=float),
        T=matrix(world, trust),
        A=world["A"].copy(),
        made=0,
        lost=0,
        convene=np.zeros(N),
        F=np.full(N, par.v0 * par.phi),
        Phat=np.full(N, par.v0 * (1 + par.phi)),
        xi=np.zeros(N),
        xc=0.0,
        k=np.zeros(N),
        l=np.zeros(N),
        Y=np.zeros(N),
        U=np.ones(N) * par.U0,
        e=np.zeros(N),
        W=0.0,
        a=np.zeros(N),
        G=np.ones(4) * par.G0,
        q=np.zeros(N),
        B=np.zeros(N),
    )


def logistic(y):
    """Return 1 / (1 + e^-y)."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-y))


def nb(f, T, deg):
    """Return the sum over neighbours of trust times f, over the number of relationships, 1 at most.

    f has shape (N,) or (N, 9), and so has the result.
    """
    return (np.minimum((T @ f).T, deg) / deg).T


def counted(s, world, choices):
    """Return by how many relationships sums over neighbours are divided (N,)."""
    A = world["A"] if choices["neighbours_counted"] == "start" else s.A
    return np.maximum(A.sum(axis=1), 1)


def window(is_open, u, opens, closes, month):
    """Return the windows after this month's draw: 1 open, 0 shut. Month 0 is a stationary draw."""
    if month == 0:
        stationary = opens / (opens + closes) if opens + closes > 0 else 0.0
        return np.where(u < stationary, 1.0, 0.0)
    return np.where(is_open == 1, np.where(u < closes, 0.0, 1.0), np.where(u < opens, 1.0, 0.0))


def one_month(month, s, t, world, par, choices, partner):
    """Advance the state `s` by one month, in place, and return the row of the month's record."""
    p = month - BURN_IN
    out = from_outside(month, p, s, world, par)  # step 1
    d = demand(s, out, world, par, choices)  # step 2
    gate = logistic(((s.U if choices["readiness"] == "partner" else d.m) - par.thM) / par.sM)  # step 3
    doses = partner.month(p, par, world, out.W, out.e, s.x.mean(axis=1), s.U, t, gate, world["zread"][month])
    A_new, T_new, U_new = relationships(month, s, d, doses, gate, world, par)  # step 4
    l_new, Y_new = learning_and_evidence(s, d, doses, par)  # step 5
    x_new, a_new = behaviours(month, s, t, out, d, doses, gate, world, par, choices)  # step 6
    G_new = infrastructure(s, d, doses, world, par, choices)  # step 7

    held = choices["burn_in"] == "held" and p < 0
    s.made = s.lost = 0
    if not held:
        s.made, s.lost = (np.triu(A_new * (1 - s.A)).sum(), np.triu(s.A * (1 - A_new)).sum())
        s.x, s.A, s.T, s.U, s.G = x_new, A_new, T_new, U_new, G_new
    s.convene = doses.convene
    s.l, s.Y, s.a = l_new, Y_new, a_new
    s.xi, s.xc, s.k, s.e, s.W = out.xi, out.xc, out.k, out.e, out.W
    s.F, s.Phat, s.q, s.B = d.F, d.Phat, d.q, d.B
    if p < 0:
        s.X0 = s.x.mean(axis=1)
    return record(s, out, d, doses, world)


def from_outside(month, p, s, world, par):
    """Step 1: windows, noise, disruption, value demand and capacity."""
    e = window(s.e, world["uene"][month], par.eon, par.eoff, month)
    W = float(window(s.W, world["ustr"][month], par.won, par.woff, month))
    if month == 0:
        xc = par.sigc * world["zpla"][month]  # a stationary draw
    else:
        xc = par.arc * s.xc + par.sigc * np.sqrt(1 - par.arc**2) * world["zpla"][month]
    xi = par.ar * s.xi + par.sig * np.sqrt(1 - par.ar**2) * world["zdem"][month]  # from 0, month 0 too
    restructured = world["ushk"][month] < par.psh
    k = np.minimum(par.k_max, s.k * (1 - par.k_back) + par.hsh * restructured)
    y = max(p, 0) / 12
    V = par.v0 * (1 + par.g) ** y * np.exp(xi + xc)
    if "budget" in world:
        budget_left = world["budget"][month]
    else:
        budget_left = (1 - world["exposure"] * par.c * (1 - par.cut_absorbed)) ** y
    C = budget_left * (1 - k)
    return SimpleNamespace(e=e, W=W, xc=xc, xi=xi, k=k, V=V, C=C)


def demand(s, out, world, par, choices):
    """Step 2: failure demand, pressure, rigidity, headroom and maturity of relationships."""
    T, deg = s.T, counted(s, world, choices)
    V = out.V * (1 - s.q)  # served; q is 0 without rationing
    E = (s.x**par.rho).mean(axis=1) ** (1 / par.rho)
    J = np.sqrt(E) * nb(np.sqrt(E), T, deg)
    Fstar = V * par.phi * (1 - par.eta * ((1 - par.kappa) * E + par.kappa * J))
    F = s.F + (Fstar - s.F) / par.tauF
    back = returned(s.B / par.B_months, T, world["size"]) if choices["rationing"] else np.zeros(len(F))
    P = (V + F + back) / (out.C * (1 - par.kc * s.a) * (1 - par.meeting_cost * s.convene))
    Phat = s.Phat + (P - s.Phat) / par.tauP
    R = par.Rmax * logistic((Phat - par.Pstar) / par.sR) * (1 - par.rR * s.l)
    h = 1 - R
    one = nb(np.ones(len(F)), T, deg)
    m = 1 - (1 - s.U) * (1 - one)
    q, B = s.q, s.B
    if choices["rationing"]:
        q = s.q + (par.qmax * logistic((Phat - par.q_at) / par.q_soft) - s.q) / par.q_months
        B = s.B + par.returning * s.q * out.V - s.B / par.B_months
    return SimpleNamespace(
        F=F, P=P, Phat=Phat, R=R, h=h, m=m, nb1=one, q=q, B=B, back=back,
        Fs=(F + back) / (V + F + back), unmet=s.q * out.V,
    )  # fmt: skip


def returned(amount, T, size):
    """Return what comes back of turned-away need: half here, half at neighbours by their share of trust.

    Demand is per own capacity, so what moves from i to j is multiplied by size i over size j.
    """
    here = amount / 2
    for i in range(len(amount)):
        if T[i].sum() > 0:
            here = here + size[i] * amount[i] / 2 * T[i] / T[i].sum() / size
        else:
            here[i] = here[i] + amount[i] / 2
    return here


def relationships(month, s, d, doses, gate, world, par):
    """Step 4: relationships and the trust in them, and organisations' trust in the partner."""
    A, T, h, X = s.A, s.T, d.h, s.x.mean(axis=1)
    con, pro = doses.convene, doses.prototype
    hh = np.outer(h, h)
    everyday = matrix(world, np.where(world["tied"], 1.0, par.cn))
    meeting = (
        par.c0 * everyday + par.cx * np.sqrt(np.outer(X, X))
        + par.cw * (np.sqrt(np.outer(con, con)) + np.sqrt(np.outer(pro, pro)))
    )  # fmt: skip
    contact = np.sqrt(hh) * np.minimum(1, meeting)
    T_new = T + par.gT * contact * (1 - T) - par.dT * T
    u = matrix(world, world["upair"][month])
    T_new = np.where(u < par.pb0 + par.pbR * (1 - hh), T_new * (1 - par.gB), T_new)
    T_new = np.clip(T_new, 0, 1)
    made = u < (par.pn0 + par.pnc * np.sqrt(np.outer(con, con))) * np.sqrt(hh)
    A_new = np.where(A == 1, T_new >= par.Tf, (world["C"] == 1) & made).astype(float)
    T_new = A_new * np.where(A == 1, T_new, par.Tn)
    U = s.U
    gain = par.gU * (doses.help * (1 + par.chh * d.R) + par.wU * doses.total)
    loss = par.dU + par.go * doses.ov * doses.total * (1 - gate) ** par.ng
    U_new = np.clip(U + gain * (1 - U) - loss * U, 0, 1)
    return A_new, T_new, U_new


def learning_and_evidence(s, d, doses, par):
    """Step 5: learning and local evidence."""
    l, Y, X = s.l, s.Y, s.x.mean(axis=1)  # noqa: E741  (the symbol of the description)
    gain = par.aL * doses.reflect * (par.l_floor + par.l_head * d.h) + par.aL9 * s.x[:, COLLECTIVE_LEARNING] * d.h
    l_new = l + gain * (1 - l) - par.dL * (1 + d.R) * l
    Y_new = Y + par.aY * doses.prototype * X * (par.Y_floor + par.Y_learn * l) * (1 - Y) - par.dY * Y
    return np.clip(l_new, 0, 1), np.clip(Y_new, 0, 1)


def behaviours(month, s, t, out, d, doses, gate, world, par, choices):
    """Step 6: the nine behaviours and the effort of changing, all at once or one after another."""
    if choices["update"] == "synchronous":
        return behaviours_given(s.x, s, t, out, d, doses, gate, world, par, choices)
    x, a = s.x.copy(), s.a.copy()
    for i in world["order"][month]:
        x_new, a_new = behaviours_given(x, s, t, out, d, doses, gate, world, par, choices)
        x[i], a[i] = x_new[i], a_new[i]
    return x, a


def influence(q, n, choice):
    """Return Phi, how much social reinforcement q = z/th' moves; `hill` is q^n/(1+q^n) without overflow."""
    if choice == "threshold":
        return np.where(q >= 1, 1.0, 0.0)
    with np.errstate(divide="ignore", over="ignore"):
        return 1 / (1 + q**-n)


def behaviours_given(x, s, t, out, d, doses, gate, world, par, choices):
    """Return x' and a' of everyone, reading the practice `x` of neighbours and all else from this month."""
    T, deg, h, Y = s.T, counted(s, world, choices), d.h, s.Y
    X = x.mean(axis=1)
    if choices["influence"] == "degroot":
        sums = T.sum(axis=1, keepdims=True)
        average = np.where(sums > 0, T @ x / np.where(sums > 0, sums, 1), x)
        return np.clip(x + par.alpha * (average - x), 0, 1), np.zeros(len(X))

    d_b = np.ones(9)
    d_b[PERSPECTIVE], d_b[POWER] = 1 - par.sdif, 1 + par.sdif
    th = np.outer(t * (1 - par.psi * np.minimum(1, Y + nb(Y, T, deg))), d_b) * np.exp(par.sb * world["zdif"])
    z = (1 - par.lam) * nb(x, T, deg) + par.lam * X[:, None]
    if choices["influence"] == "linear":
        Phi = z
    else:
        q = np.divide(z, th, out=np.zeros_like(z), where=z > 0)
        Phi = influence(q, par.hill, choices["influence"])
    peer = h[:, None] * (par.eps + par.wc * Phi)

    e_hat = par.ee + (1 - par.ee) * out.e
    W_hat = par.ee + (1 - par.ee) * out.W
    perspective = np.zeros(9)
    perspective[PERSPECTIVE] = 1
    talk = h * par.bo * doses.ov * doses.total * gate
    vision = np.outer(h * par.bv * doses.vision * W_hat, perspective)
    prototype = par.bp * (h + par.prot * (1 - h)) * doses.prototype * e_hat
    led = talk[:, None] + vision + prototype[:, None] + np.outer(h * par.bc * doses.convene, LEAD)

    relations, maturity = (d.nb1**par.nu)[:, None], (d.m**par.nu)[:, None]
    if choices["speed_limit"] == "split":
        drive = np.minimum(1, relations * peer + maturity * led)
    elif choices["speed_limit"] == "maturity":
        drive = np.minimum(1, maturity * (peer + led))
    else:
        drive = np.minimum(1, relations * (peer + led))

    G_b = MAP @ s.G
    K = par.k0 + (1 - par.k0) * G_b
    room = drive * np.maximum(K - x, 0)
    slip = par.d0 * (1 + par.dR * d.R)[:, None] * (1 - par.rG * G_b) * (1 - par.rL * s.l)[:, None] * x
    return np.clip(x + par.alpha * room - slip, 0, 1), room.mean(axis=1)


def infrastructure(s, d, doses, world, par, choices):
    """Step 7: the four elements of infrastructure: governance, commissioning, workforce, accountability."""

    def mean(values):
        return (world["size"] * values).sum()

    x, X = s.x, s.x.mean(axis=1)
    if choices["infrastructure_drivers"] == "own":
        authority = np.array([
            1 - (1 - mean(x[:, SHARED_VISION])) * (1 - mean(x[:, SHARED_POWER])),
            mean(s.Y),
            1 - (1 - mean(s.l)) * (1 - mean(x[:, PARTICIPATION].mean(axis=1))),
            mean(x[:, ACCOUNTABILITY]),
        ])  # fmt: skip
    else:
        authority = 1 - (1 - mean(x[:, SHARED_VISION])) * (1 - mean(s.Y))
    most = np.array([1, 1, 1, 1 - par.oG])
    decay = par.dG * np.array([1, 1, par.dGw, 1])
    push = par.aG * min(1, doses.rewire + par.iG * mean(d.h * X))
    return np.clip(s.G + push * authority * np.maximum(most - s.G, 0) - decay * s.G, 0, 1)


def record(s, out, d, doses, world):
    """Return what is kept of a month: the new state, and this month's pressure, rigidity and shares."""
    X = s.x.mean(axis=1)
    trust, alive = (of[world["src"], world["dst"]] for of in (s.T, s.A))
    return {
        "X": X.mean(), "T": trust.sum() / alive.sum() if alive.any() else 0.0, "U": s.U.mean(), "P": d.P.mean(),
        "R": d.R.mean(), "Fs": d.Fs.mean(), "G": s.G.mean(), "Y": s.Y.mean(), "L": s.l.mean(), "W": s.W,
        "gini": gini(X), "lost": (X < s.X0 - 1e-9).mean(),
        "reach": (X > 0.3).mean(), "XP": s.x[:, PERSPECTIVE].mean(),
        "ties": alive.sum(), "ties_made": s.made, "ties_lost": s.lost, "x9": s.x.mean(axis=0), "G4": s.G.copy(),
        "practice": s.x.copy(), "trust": trust, "alive": alive, "partner_trust": s.U.copy(), "pressure": d.P,
        "felt_pressure": d.Phat, "rigidity": d.R, "failure_demand": d.F, "failure_share": d.Fs,
        "learning": s.l.copy(), "evidence": s.Y.copy(), "infrastructure": s.G.copy(), "effort": s.a.copy(),
        "energy": s.e, "disruption": s.k, "demand_noise": s.xi, "place_noise": s.xc, "maturity": d.m,
        "value_demand": out.V, "capacity": out.C, "unmet": d.unmet, "rationed": d.q, "backlog": d.B,
        "help": doses.help, "convene": doses.convene, "prototype": doses.prototype,
        "reflect": doses.reflect, "vision": doses.vision, "rewire": doses.rewire, "open_talk": doses.ov,
        "sites": doses.on_site, "mix": doses.weights,
    }  # fmt: skip


def gini(X):
    """Return the mean absolute difference over all pairs, each with itself too, over twice the mean."""
    return np.abs(X[:, None] - X[None, :]).mean() / (2 * X.mean()) if X.any() else 0.0


def collected(rows, world):
    """Return the rows as arrays over months, with the final practice and trust beside them."""
    out = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    out["x_final"], out["T_final"] = out["practice"][-1], out["trust"][-1]
    return out
