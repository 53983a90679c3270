"""What every service stands on: a unit of work in its world, sessions, limits, the journal."""
