"""What an operator does for a member: one file a deed. Each takes the entry of the roll and the
reason, does it in the caller's transaction, and writes it down; or raises a Refusal."""
