"""From the paper letter to a confirmed space."""
