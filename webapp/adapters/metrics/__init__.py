"""What a monitoring system is told: counts of requests (requests.py), kept in a folder that all
processes of a server share (folder.py)."""
