"""What is published over HTTP: taken into the journal, and applied to the index by one indexer."""
