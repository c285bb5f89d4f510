"""How much a sheet may hold. Each limit is above what people have and below what would keep a server busy."""

MOST_BYTES = 5 * 1024 * 1024
"""Of a file, or of a pasted text."""
MOST_ROWS = 10_000
"""Rows of a sheet, without its header and empty rows."""
MOST_COLUMNS = 200
LONGEST_CELL = 32_767
"""Characters, as many as a spreadsheet allows in a cell."""
MOST_CHARACTERS = 10_000_000
"""Of all cells together: a workbook may repeat one long text in every cell and still be a small file."""
MOST_UNPACKED = 64 * 1024 * 1024
"""Bytes that a packed workbook may hold, by its own account; the process that reads it may not use more memory than
`MOST_MEMORY` whatever that says.
"""
MOST_PARTS = 1_000
"""Files inside a packed workbook."""
MOST_MEMORY = 1024 * 1024 * 1024
MOST_SECONDS = 15
"""For reading a file: of processor time, and of waiting for it."""
ROWS_ABOVE_HEADER = 10
"""Rows, such as a title, among which the header is sought."""
