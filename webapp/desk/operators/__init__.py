"""Who may use the desk: a supervisor adds, resets and disables."""
