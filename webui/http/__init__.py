"""What surrounds every answer: caching, compression, CORS, security, limits, metrics, errors."""
