"""Faults of encoding in incoming text, found and repaired."""
