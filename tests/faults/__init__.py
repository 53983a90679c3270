"""The attacks and faults that the portal survives: real servers, databases and mail dialogues."""
