"""The piece of an article that a result shows, and what is marked in it."""
