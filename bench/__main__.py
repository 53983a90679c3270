"""`make bench`: every benchmark, one after the other."""

from bench import roll_import, sign_ins, weights


def main() -> None:
    """Prints the figures of this run."""
    for part in (weights, roll_import, sign_ins):
        part.main()
        print()


if __name__ == "__main__":
    main()
