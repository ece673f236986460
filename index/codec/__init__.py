"""How terms and postings lie on disk: a Whoosh codec over memory-mapped NumPy arrays."""
