"""The accessibility report: `make accessibility`. Every screen and state, every checker, every
criterion of the RGAA 4.1.2; what no script can decide is left to a person, with guided steps."""
