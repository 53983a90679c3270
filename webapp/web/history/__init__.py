"""What happened to an account, and « Ce n’était pas moi »."""
