"""Tools that nobody here wrote, run against a portal and its desk that are started for them."""
