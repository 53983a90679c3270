"""The operators' documents, played as they are typed: `make operations`."""
