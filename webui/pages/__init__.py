"""The pages: complete without JavaScript."""
