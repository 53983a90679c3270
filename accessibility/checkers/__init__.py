"""The checkers that others wrote, each behind one function: a page in, findings out."""
