"""What a query means: how it was typed, other names, what else may have been meant."""
