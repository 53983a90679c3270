"""`python -m accessibility`."""

import sys

from accessibility.run import main

if __name__ == "__main__":
    sys.exit(main())
