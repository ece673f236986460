"""Measurements of quality: ranking, spelling, snippets, suggestions, and what kills lose."""
