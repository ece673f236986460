"""What surrounds every response: caching, compression, CORS, security, limits, metrics, errors."""
