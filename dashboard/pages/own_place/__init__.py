"""Parts of the page Your place."""
