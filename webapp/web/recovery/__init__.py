"""A forgotten password: ask for a link, choose another."""
