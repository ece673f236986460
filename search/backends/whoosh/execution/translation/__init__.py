"""From Whoosh's query classes to nodes over one segment."""
