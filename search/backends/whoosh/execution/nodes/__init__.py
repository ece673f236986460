"""What a query is while it is answered over one segment: nodes that work on whole arrays."""
