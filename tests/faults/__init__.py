"""The attacks and faults that the portal survives: real servers, databases and mail dialogues.

Each test names its scenario. S01 to S03, S06, S15: test_codes. S04, S07, S08, S16: test_hosts.
S05, S08, S16, S18 to S21, S24: test_hostile. S09, S11: test_relay_away. S10, S11, S23: test_kills.
S12, S14: test_database_away. S17: test_timing. S22: test_proxy. S25 needs a browser: tests/e2e
(test_leaving). S13 has no Redis to restart: every count and session is in the database.
"""
