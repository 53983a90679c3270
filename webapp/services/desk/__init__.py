"""What whoever answers the telephone is shown of one member, and what opens it to them."""
