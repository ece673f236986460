"""What assistants ask of the index over the Model Context Protocol, and how it reaches them."""
