"""Our own checks, for what no checker of others fails: a small file a subject."""
