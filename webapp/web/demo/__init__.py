"""The demonstration's mailbox. Registered in demo mode only."""
