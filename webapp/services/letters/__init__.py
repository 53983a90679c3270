"""Paper letters: a new access code for a member who lost theirs."""
