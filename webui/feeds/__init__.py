"""Searches as feeds, and the site as a search engine of the browser."""
