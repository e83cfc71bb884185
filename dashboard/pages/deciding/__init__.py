"""Parts of the page Decide."""
