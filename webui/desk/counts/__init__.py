"""What readers search, counted by day without anybody's data, and the figures made of it."""
