"""Work out what the page Assumptions shows: bands, rules, what was changed, what the change does."""
