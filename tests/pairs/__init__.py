"""Two people at one account at the same moment: its owner, who begins anew, and a stranger, who is
about to open or to change something. Bursts (tests/faults) and interleavings (tests/unit) play
every pair of them, and one judge says what is left of the stranger."""
