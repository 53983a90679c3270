"""A newer letter takes over a space that its member can no longer enter."""
