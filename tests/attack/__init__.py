"""Tools that nobody here wrote, run against a portal that is started for them."""
