"""The web side: pages and the JSON API. The only place that makes HTML."""
