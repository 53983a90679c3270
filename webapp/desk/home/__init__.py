"""The desk's first page: whom the caller is."""
