"""The engines behind the search, each behind one protocol."""
