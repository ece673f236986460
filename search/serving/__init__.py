"""Which build of an index answers, and what is written to the index."""
