"""What a file that can't be read is refused with."""


class RollFileFault(Exception):
    """The file can't be read. The message is a French sentence that says what to do."""


def locked() -> RollFileFault:
    """Behind a password."""
    return RollFileFault(
        "Ce classeur est protégé par un mot de passe. Ouvrez-le dans votre tableur, enlevez le mot "
        "de passe, enregistrez, et importez le fichier obtenu."
    )
