"""Who asks to join a space, on the screens, with scripts and without, on both databases."""
