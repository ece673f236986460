"""A cluster of OpenSearch on this machine, for tests and for trying it; no way to run a site."""
