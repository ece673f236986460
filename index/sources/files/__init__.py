"""Files as they come: found, decompressed, decoded."""
