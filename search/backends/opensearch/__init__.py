"""A cluster of OpenSearch behind the engine."""
