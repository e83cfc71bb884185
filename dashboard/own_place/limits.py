"""Set how much a visitor's own place may take."""

MOST_UPLOADED = 5_000_000
"""Bytes of all files given at once."""
MOST_UNPACKED = 20_000_000
"""Bytes of what an archive or workbook holds, unpacked."""
MOST_ENTRIES = 500
"""Files within an archive or workbook."""
MOST_PASTED = 1_000_000
"""Characters of a pasted table."""
MOST_ORGANISATIONS = 500
MOST_RELATIONSHIPS = 10_000
LONGEST_CELL = 400
"""Characters; the model's own limit is lower, and says so beside the cell."""
MOST_TEXT = 2_000_000
"""Characters of a place as the browser keeps it."""
MOST_NOTES = 220
MOST_HEAD = 400
"""Lines of comment at the top of place.toml that are kept."""
MOST_STEPS = 30
"""Changes that can be taken back."""
MOST_IN_MEMORY = 128_000_000
"""Characters of all visitors' places together in the server's memory."""
MOST_EXPLORED = 6
"""Places of one visitor in the server's memory; the browser keeps more and hands them over when they are asked for."""
