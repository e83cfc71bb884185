"""Do once, while nobody waits, what the first page would have to wait for: imports, compiled code, the usual run."""

import gc
import threading


def warm() -> None:
    """Make what the first page of a visitor shows by default, for the runs that are kept for everybody."""
    from dashboard.assuming.listing import listing
    from dashboard.pages.seeing.view import view_of
    from dashboard.place.luck import baseline_of, spread_of
    from dashboard.place.people import where_of
    from dashboard.session import Session, Visitor
    from dashboard.settings import Settings

    view = view_of(Session(Settings(), (), "/", "/", Visitor(), lambda: None, lambda _: None))
    where_of(view.scenario.place)
    spread_of(view.scenario)
    baseline_of(view.scenario, view.session.settings.seed)
    listing()
    gc.collect()
    gc.freeze()  # what is there now stays: looking through it again after each visit would hold up the others


def warm_aside() -> None:
    """Warm in a thread, so that the server listens at once."""
    threading.Thread(target=warm, name="warming", daemon=True).start()
