"""What whoever answers the telephone is shown of one member. Nothing here changes anything."""
