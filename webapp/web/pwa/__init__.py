"""The portal on a phone's home screen, and what it shows without a network."""
