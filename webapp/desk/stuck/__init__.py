"""What is stuck, in counts; numbers on demand."""
