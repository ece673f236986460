"""Whoosh's view of our segments: codec, readers, matchers, table of contents."""
