"""How a clone gets its virtual environment and compiled parts."""
