"""Characters before they are words: normal form, shapes, and where a text may be cut."""
