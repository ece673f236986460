"""What the keys of Telex and VNI write, and queries that are such keys."""
