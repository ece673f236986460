"""What a rebuild did, counted, and told in words."""
