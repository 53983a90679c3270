"""The page « Sécurité »: password, devices, open sessions."""
