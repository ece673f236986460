"""What a query means: how it was typed, synonyms, what else may have been meant."""
