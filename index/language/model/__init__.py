"""The language model: counts of words, pairs and triples in one compact file."""
