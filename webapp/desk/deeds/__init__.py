"""What an operator does for the member whose page is open."""
