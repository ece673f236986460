"""Filters and their counts: sections, sources, authors, months."""
