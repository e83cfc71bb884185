"""Have a page whose server has gone say so in words, and come back by itself soon after the server has."""

import re

SOLARA_GONE = re.compile(r"<v-progress-circular[^>]*>Server\s+disconnected\.</v-progress-circular>")
GONE = (
    '<div role="alert" style="max-width: 34rem; margin: 1rem; padding: 1rem 1.5rem; background: #fff; color: #1f1f1f">'
    "<p><strong>No answer from the dashboard.</strong> This page tries again by itself, and comes back as it was: what "
    "you set is in its address.</p><p>If the dashboard was stopped, start it again with <code>behaviours dashboard"
    "</code>. If nothing happens within a minute, reload the page.</p></div>"
)
AGAIN = """<script>
// The connection tries again by itself, but waits longer each time, up to a minute. A short break is left to it; where
// the server answers and the connection is still not back, the page is loaded anew: its address holds what it showed.
(() => {
  let answers = 0;
  setInterval(async () => {
    const lost = window.app && window.app.wasConnected && window.app.connectionStatus !== "connected";
    try {
      if (lost) await fetch("ROOT/own/dashboard.css", { method: "HEAD", cache: "no-store" });
      answers = lost ? answers + 1 : 0;
    } catch { answers = 0; }
    if (answers > 2) location.reload();
  }, 1500);
})();
</script>"""


def with_way_back(text: str, root: str) -> str:
    """Return Solara's page with our words where its server has gone, and with a way back."""
    text = SOLARA_GONE.sub(GONE, text, count=1)
    return text.replace("</html>", AGAIN.replace("ROOT", root) + "</html>", 1)
