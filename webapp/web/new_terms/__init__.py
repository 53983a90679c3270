"""New terms, between the second step and the space."""
