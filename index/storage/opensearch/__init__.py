"""An index in a cluster of OpenSearch: its address, the client, its mapping, its files."""
