"""Words that are probably slips of the finger, and what was meant."""
