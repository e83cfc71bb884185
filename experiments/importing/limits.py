"""Set how much an import takes: room for any stakeholder map, and an end to files made to overwhelm."""

MOST_FILES = 6
MOST_BYTES = 20_000_000
"""Bytes of one file."""
MOST_UNPACKED = 80_000_000
"""Bytes of the parts of a workbook or another archive, unpacked."""
MOST_PARTS = 2_000
"""Parts of a workbook, files of an archive."""
MOST_MEMBERS = 20
"""Files of an archive that are read as maps."""
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
