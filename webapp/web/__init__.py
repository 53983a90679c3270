"""Flask lives here: screens, doors, transactions, sessions, forms, headers, errors."""
