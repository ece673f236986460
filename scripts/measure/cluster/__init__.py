"""An index in a cluster measured: beside one in a directory, and while nodes are killed."""
