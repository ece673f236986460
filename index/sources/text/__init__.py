"""Articles out of text files: plain, Markdown, or saved by hand from a page."""
