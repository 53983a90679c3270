"""What is true without a computer: standard library only, nothing that waits or stores."""
