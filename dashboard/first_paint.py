"""Show heading and words of a page before its scripts have come, and have the browser do early what it does anyway.

Everything here is gone, or has happened, once the page itself is there: it changes when, not what.
"""

import re
from html import escape

from dashboard.pages import PAGES

CHARTS = "{root}/_solara/cdn/echarts@5.4.0/dist/echarts.min.js"
ICONS = re.compile(r'<link href="[^"]*/fonts\.css"[^>]*>(</link>)?')
"""Solara's icons and type, which no page of ours uses: a third of a megabyte to read through."""
HEAD = (
    '<link rel="preload" as="script" href="{charts}">'
    "<style>#loader-container {{ display: none !important; }}"
    " .solara-transition-enter-active, .solara-transition-leave-active, .fade-y-transition-enter-active,"
    " .fade-y-transition-leave-active {{ transition: none !important; }}</style>"
)
FIRST = """<div id="b-first" class="v-application theme--light"><div class="b-shell">
<header class="b-header"><p class="b-name">System behaviours</p><nav aria-label="Pages"><ul>{links}</ul></nav>
<p class="b-keep">Save, load, share</p></header>
<div class="b-main-first"><p class="b-title">{title}</p><p class="b-lead">{lead}</p>
<p class="b-caveat"><strong>Illustrative, not predictive.</strong> Almost every rate is assumed, and a place is not \
its model.</p><p class="b-coming" role="status">One moment: the page is being made.</p>
<noscript><p class="b-message b-wrong">These pages need JavaScript, which this browser does not run.</p></noscript>
</div></div></div>"""
EARLY = """<script>
requirejs(["jupyter-vue", "jupyter-vuetify"]);
setTimeout(() => requirejs(["{charts}"]), 0);
</script>"""


def with_early_scripts(text: str, root: str) -> str:
    """Return Solara's page with its scripts, and the charts', asked for early."""
    return text.replace("</html>", f"{EARLY.format(charts=CHARTS.format(root=root))}</html>", 1)


def with_first_paint(text: str, path: str, query: str, root: str) -> str:
    """Return Solara's page with words to read at once, and without what no page uses."""
    charts = CHARTS.format(root=root)
    text = ICONS.sub("", text, count=1)
    text = text.replace("</head>", f"{HEAD.format(charts=charts)}</head>", 1)
    return re.sub(r"(<body[^>]*>)", lambda found: found.group() + first(path, query, root), text, count=1)


def first(path: str, query: str, root: str) -> str:
    """Return the heading of a page with its links."""
    page = next((page for page in PAGES if page.PATH.strip("/") == path.strip("/")), PAGES[0])
    after = f"?{query}" if query else ""
    links = "".join(
        f'<li><a href="{escape(root + other.PATH + after)}"{_current(other is page)}>{escape(other.TITLE)}</a></li>'
        for other in PAGES
    )
    return FIRST.format(links=links, title=escape(page.TITLE), lead=escape(page.LEAD))


def _current(here: bool) -> str:
    return ' aria-current="page"' if here else ""
