"""The journal, for whoever audits: asked by operator, member or day."""
