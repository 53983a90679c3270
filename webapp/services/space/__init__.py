"""What a member sees inside: home, security, history, « Mes données »."""
