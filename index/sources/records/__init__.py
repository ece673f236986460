"""From the named values of a record to an article, or the reason why it is none."""
