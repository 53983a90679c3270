"""Second steps of the member's own choice, in the space."""
