"""Articles out of HTML pages: text, metadata, and what is neither."""
