"""What a file that can't be read is refused with."""


class RollFileFault(Exception):
    """The file can't be read. The message is a French sentence that says what to do."""
