"""« Mes données »: what we hold about a member, why, and the file of it."""
