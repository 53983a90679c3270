"""What the portal does. A service takes a Work and keywords, returns a fact or raises a Refusal."""
