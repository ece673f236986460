"""Near-duplicates: the same story in many papers, found and grouped."""
