"""One class a screen: what is there, and what a member does on it."""
