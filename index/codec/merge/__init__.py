"""Several segments into one, array by array."""
