"""Set how much an import takes: room for any stakeholder map, and an end to files made to overwhelm."""

MOST_FILES = 6
MOST_BYTES = 20_000_000
"""Bytes of one file."""
MOST_UNPACKED = 80_000_000
"""Bytes of a workbook's parts, unpacked."""
MOST_ROWS = 200_000
MOST_CELLS = 4_000_000
MOST_COLUMNS = 3_000
MOST_TABLES = 100
"""Sheets, maps or networks of one file."""
MOST_NOTES = 200
DEEPEST = 60
"""Levels of elements within one another in an XML or JSON file."""
MOST_ELEMENTS = 10_000
MOST_TIES = 200_000
LONGEST_TEXT = 200
"""Characters of an id, a name, a role, a kind of tie: what a place's tables take."""
