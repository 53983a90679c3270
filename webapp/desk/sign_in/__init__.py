"""How operators come in, and go."""
