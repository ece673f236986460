"""What counts as a match: the units of a query, and when an article is about them."""
