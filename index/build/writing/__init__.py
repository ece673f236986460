"""Articles into segments: sorted runs, merges, deletions, one transaction at a time."""
