"""Say what a control or chart is: what, unit, why it matters, evidence or assumed, what to notice."""

from dataclasses import dataclass
from html import escape

from dashboard.glossary import anchor_of
from simulation.outcomes import number
from simulation.parameters import ASSUMED, BY_NAME

WORD = '<a href="words#{anchor}" target="_blank" rel="noopener">{term}<span class="b-unseen"> (in a new tab)</span></a>'
"""Every page lies beside Words, whatever the site's own address is."""


@dataclass(frozen=True)
class About:
    """What there is to know of a control or chart; parts left out are not shown."""

    what: str
    unit: str = ""
    why: str = ""
    basis: str = ""
    notice: str = ""
    words: tuple[str, ...] = ()
    """Terms of the page Words that help to read it."""

    def html(self) -> str:
        """Return the parts as a list of terms, safe to show."""
        parts = {
            "What it is": self.what, "Unit": self.unit, "Why it matters": self.why,
            "Evidence": self.basis, "Notice": self.notice,
        }  # fmt: skip
        terms = [f"<dt>{k}</dt><dd>{escape(v)}</dd>" for k, v in parts.items() if v]
        links = ", ".join(WORD.format(anchor=anchor_of(term), term=escape(term)) for term in self.words)
        return f"<dl>{''.join(terms)}{f'<dt>Words</dt><dd>{links}</dd>' if links else ''}</dl>"


def about_parameter(name: str, *, why: str = "", notice: str = "") -> About:
    """Return what the model's table says of a parameter. Raises KeyError for an unknown name."""
    found = BY_NAME[name]
    basis = "Assumed: no source measures it." if found.basis == ASSUMED else f"{found.basis}."
    if found.low is not None and found.high is not None:
        basis += f" Plausible from {_plain(found.low)} to {_plain(found.high)}; {_plain(found.default)} is usual."
    what = found.meaning[:1].upper() + found.meaning[1:]
    return About(f"{what}. In the equations: {found.symbol}.", found.unit, why, basis, notice)


def _plain(value: float) -> str:
    return number(value, 4).rstrip("0").rstrip(".") if value % 1 else number(value, 0)
