"""The home page, help, the accessibility statement, and the health check."""
