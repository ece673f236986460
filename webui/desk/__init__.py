"""The editor's desk: what readers search, and what an editor does about it."""
