"""The operators' commands: `flask database`, `flask members`, `flask mail`."""
