"""The mutual's file of members: imported, looked up, never lost."""
