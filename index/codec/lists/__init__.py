"""Lists of ascending document numbers, packed."""
