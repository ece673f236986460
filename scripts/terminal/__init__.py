"""What the scripts show in a terminal."""
