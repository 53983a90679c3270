"""Who asks to join this space: agreeing, or refusing."""
