"""The account's own life: address, password, recovery, closing, terms."""
