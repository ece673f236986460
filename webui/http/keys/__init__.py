"""API keys: the file that knows them, and what each may ask for."""
