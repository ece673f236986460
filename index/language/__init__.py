"""What an index knows of words: their counts, their company, their other names."""
