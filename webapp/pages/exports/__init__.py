"""A lookup to take along: plain text, Markdown, CSV, JSON and a report of what is wrong."""
