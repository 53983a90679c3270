"""What an operating system says of a file, in French: its own words are in English."""

import errno

_FRENCH = {
    errno.ENOSPC: "le disque est plein",
    errno.EDQUOT: "le quota du disque est atteint",
    errno.EFBIG: "le fichier serait trop grand pour ce disque",
    errno.EACCES: "permission refusée",
    errno.EPERM: "permission refusée",
    errno.ENOENT: "ce fichier ou son dossier n’existe pas",
    errno.EEXIST: "ce nom est déjà pris",
    errno.EISDIR: "c’est un dossier",
    errno.ENOTDIR: "ce n’est pas un dossier",
    errno.EROFS: "le disque est en lecture seule",
    errno.EIO: "le disque ne répond pas comme il faut",
    errno.ENAMETOOLONG: "ce nom est trop long",
    errno.EMFILE: "trop de fichiers sont ouverts",
}


def reason(error: OSError) -> str:
    """What goes into a sentence, in brackets or after a colon; no full stop."""
    known = _FRENCH.get(error.errno or 0)
    return known or error.strerror or type(error).__name__
