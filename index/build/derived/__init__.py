"""Data derived from the articles of an index: language, acronyms, near-duplicates, suggestions."""
