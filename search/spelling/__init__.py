"""Words that are probably misspelt: edits of the finger, and their corrections."""
