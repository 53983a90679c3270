"""What plays the portal from outside: a stage, browsers, mailboxes, screens and scripts.

Tests, guide, QA, accessibility and bench use it; it knows none of them.
"""
