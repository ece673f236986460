"""Articles from the web, fetched politely: pages, feeds, sitemaps, WordPress."""
