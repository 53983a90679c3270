"""QA's guided runs: the procedure played against any deployment. `flask qa run`."""
