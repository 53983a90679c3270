"""`python -m accessibility.screen_reader`."""

import sys

from accessibility.screen_reader.run import main

if __name__ == "__main__":
    sys.exit(main())
