"""From sources to a build that is served: rebuild, update, recovery."""
