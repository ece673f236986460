"""The read side: query text, understanding, execution, ranking, snippets."""
