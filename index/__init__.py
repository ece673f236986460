"""The write side: what an article is, where articles come from, how text becomes an index."""
