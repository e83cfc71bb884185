"""Run many months in one compiled loop, for sweeps: the same mechanisms as `Place.step`, to the same bits."""

from simulation.mechanisms.arithmetic import fill
from simulation.mechanisms.behaviours import EVENTS, update_practice
from simulation.mechanisms.demand import update_demand
from simulation.mechanisms.disruption import update_disruption
from simulation.mechanisms.doses import update_doses, update_open_talk
from simulation.mechanisms.failure_demand import update_failure_demand
from simulation.mechanisms.infrastructure import update_infrastructure
from simulation.mechanisms.learning import update_evidence, update_learning
from simulation.mechanisms.maturity import update_maturity
from simulation.mechanisms.month_end import turn_month
from simulation.mechanisms.noise import update_noise
from simulation.mechanisms.partner import choose_phase, choose_sites
from simulation.mechanisms.partner_trust import update_partner_trust
from simulation.mechanisms.pressure import update_pressure, update_rigidity
from simulation.mechanisms.rationing import return_unmet_need, update_rationing
from simulation.mechanisms.relationships import update_trust
from simulation.mechanisms.summaries import update_summaries
from simulation.mechanisms.windows import update_windows
from simulation.numba_cache import borrowing, inlined
from simulation.recorder import record_month


@inlined
def outside(s, p, luck, row, conditions, month):
    """Run step 1: what comes from outside."""
    update_windows(
        s.energy, s.strategic_window, luck.energy[row], luck.strategic[row], month, conditions.strategic_hold[month],
        p.energy_opens, p.energy_closes, p.strategic_opens, p.strategic_closes,
    )  # fmt: skip
    update_noise(
        s.demand_noise_now, s.place_noise_now, luck.demand[row], luck.place[row], month,
        p.demand_noise, p.demand_noise_memory, p.place_noise, p.place_noise_memory,
    )  # fmt: skip
    update_disruption(
        s.disruption, s.alive, luck.restructure[row], conditions.event_disruption[month],
        p.restructure_rate, p.restructure_disruption, p.disruption_recovery, p.disruption_limit,
    )  # fmt: skip
    update_demand(
        s.value_demand, s.capacity, s.base_demand, s.demand_noise_now, s.place_noise_now, s.disruption, s.alive,
        conditions.demand_level[month], conditions.budget_left[month],
    )  # fmt: skip


@inlined
def strain(s, p, codes, failure_ratio):
    """Run step 2: demand, pressure, rigidity."""
    update_summaries(
        s.mean_practice, s.joint_effect, s.trust_around, s.practice, s.trust, s.alive,
        s.neighbour_start, s.neighbour_tie, p.behaviour_balance,
    )  # fmt: skip
    update_failure_demand(
        s.failure_demand, s.value_demand, s.rationed, s.joint_effect, s.trust, s.alive,
        s.neighbour_start, s.neighbour, s.neighbour_tie,
        failure_ratio, p.failure_demand_reduction, p.shared_failure_demand, p.failure_demand_months,
    )  # fmt: skip
    return_unmet_need(
        s.returned, s.unmet_need, s.backlog, s.rationed, s.value_demand, s.size, s.trust, s.trust_around, s.alive,
        s.neighbour_start, s.neighbour, s.neighbour_tie, codes.rationing, p.need_returning, p.need_return_months,
    )  # fmt: skip
    update_pressure(
        s.pressure, s.felt_pressure, s.failure_share, s.value_demand, s.failure_demand, s.returned, s.rationed,
        s.capacity, s.effort, s.alive, p.change_cost, p.felt_pressure_months,
    )  # fmt: skip
    update_rationing(
        s.rationed, s.felt_pressure, s.alive, codes.rationing,
        p.rationing_limit, p.rationing_onset, p.rationing_softness, p.rationing_months,
    )  # fmt: skip
    update_rigidity(
        s.rigidity, s.headroom, s.felt_pressure, s.learning, s.alive,
        p.rigidity_onset, p.rigidity_softness, p.rigidity_limit, p.rigidity_learning,
    )  # fmt: skip
    update_maturity(s.maturity, s.readiness, s.partner_trust, s.trust_around, s.alive, p.talk_maturity, p.talk_softness)


@inlined
def partner_month(s, p, codes, plan, days, programme_month):
    """Run step 3: the learning partner's month."""
    choose_phase(s.partner_memory, s.strategic_window, programme_month, plan.opportunistic, plan.phase_months)
    choose_sites(
        s.on_site, s.partner_memory, s.mean_practice, s.partner_trust, s.thresholds, s.threshold_luck, s.site_luck,
        s.tied_to_council, s.energy, s.alive, s.council, s.neighbour_start, s.neighbour, s.site_score, s.site_allowed,
        plan.number_of_sites, plan.site_rule, plan.council_rule, plan.phase_site_mode, plan.phase_named_sites,
        p.site_trust_weight, p.site_council_weight,
    )  # fmt: skip
    update_doses(
        s.help, s.convene, s.prototype, s.reflect, s.work, s.place_doses,
        s.on_site, s.site_allowed, s.partner_memory, s.partner_trust, s.alive, s.neighbour_start, s.neighbour,
        plan.phase_shares, days, codes.convening,
        p.half_days, p.prototype_half_days, p.vision_half_days, p.rewire_half_days,
        p.access_without_trust, p.assembly_share,
    )  # fmt: skip
    update_open_talk(
        s.open_share, s.partner_memory, s.readiness, s.alive, plan.phase_talk, plan.talk_from, programme_month,
        p.talk_share, p.talk_readiness,
    )  # fmt: skip


@inlined
def consequences(s, p, codes, breach_luck, order):
    """Run steps 4 to 7: relationships, learning and evidence, behaviours, infrastructure."""
    update_trust(
        s.next_trust, s.breached, s.trust, s.tie_from, s.tie_to, s.tie_alive, s.headroom, s.mean_practice,
        s.convene, s.prototype, breach_luck,
        p.trust_gain, p.trust_decay, p.breach_loss, p.breach_floor, p.breach_under_rigidity,
        p.contact_base, p.contact_from_practice, p.contact_from_work,
    )  # fmt: skip
    update_partner_trust(
        s.next_partner_trust, s.partner_trust, s.help, s.work, s.open_share, s.readiness, s.rigidity, s.alive,
        p.partner_trust_gain, p.partner_trust_from_work, p.help_under_pressure, p.partner_trust_decay, p.talk_damage,
    )  # fmt: skip
    update_learning(
        s.next_learning, s.learning, s.reflect, s.practice, s.headroom, s.rigidity, s.alive,
        p.reflection_learning, p.double_loop_learning, p.learning_decay, p.reflection_under_rigidity,
    )  # fmt: skip
    update_evidence(
        s.next_evidence, s.evidence, s.prototype, s.mean_practice, s.learning, s.alive,
        p.evidence_gain, p.evidence_decay, p.evidence_without_learning,
    )  # fmt: skip
    update_practice(
        s.next_practice, s.next_effort, s.capped, s.causes,
        s.practice, s.mean_practice, s.trust, s.neighbour_start, s.neighbour, s.neighbour_tie, s.trust_around,
        s.maturity, s.headroom, s.rigidity, s.learning, s.evidence, s.thresholds, s.alive, order, s.infrastructure,
        s.energy, s.strategic_window, s.work, s.open_share, s.readiness, s.prototype, s.place_doses,
        codes.influence, codes.speed_limit, codes.asynchronous,
        p.adoption_rate, p.background_drive, p.social_weight, p.behaviour_coupling, p.behaviour_difficulty,
        p.contagion_steepness, p.evidence_on_threshold, p.relationship_speed, p.shut_window_effect, p.talk_effect,
        p.vision_effect, p.prototype_effect, p.prototype_protection, p.ceiling_base, p.slip_back,
        p.slip_back_rigidity, p.slip_back_infrastructure, p.slip_back_learning,
    )  # fmt: skip
    update_infrastructure(
        s.next_infrastructure, s.infrastructure, s.size, s.practice, s.mean_practice, s.evidence, s.headroom, s.alive,
        s.place_doses, p.rewire_gain, p.own_rewiring, p.infrastructure_decay,
    )  # fmt: skip


@borrowing
def run_months(state, parameters, codes, plan, conditions, luck, record, first, last, burn_in, failure_ratio):
    """Run the months from `first` up to, not including, `last`; `luck` begins at `first`."""
    for month in range(first, last):
        row = month - first
        programme_month = month - burn_in
        if month > first and state.causes.shape[1] > 0:
            fill(state.causes[EVENTS].reshape(-1), 0.0)
        outside(state, parameters, luck, row, conditions, month)
        strain(state, parameters, codes, failure_ratio)
        partner_month(state, parameters, codes, plan, conditions.days[month], programme_month)
        consequences(state, parameters, codes, luck.breach[row], luck.order[row])
        s = state
        turn_month(
            s.practice, s.effort, s.learning, s.evidence, s.partner_trust, s.trust, s.infrastructure,
            s.next_practice, s.next_effort, s.next_learning, s.next_evidence, s.next_partner_trust, s.next_trust,
            s.next_infrastructure, s.causes, s.practice_at_start, s.alive, codes.held, programme_month,
        )  # fmt: skip
        record_month(record, state, month)
