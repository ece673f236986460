"""Whoosh's view of the terms of our segments: readers, cursors, matchers."""
