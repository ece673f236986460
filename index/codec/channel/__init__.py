"""One text field of a segment: its postings, occurrences and neighbours."""
