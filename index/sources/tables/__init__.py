"""Records in rows: CSV and TSV, JSON Lines, databases."""
