"""Other names for the same thing: acronyms mined from the articles, and aliases of the site."""
