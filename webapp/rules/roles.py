"""What an operator of the mutual may do at the desk: one role each, and nothing beside it."""

from enum import StrEnum


class Role(StrEnum):
    """The roles, by the names that commands and screens give them."""

    ADVISER = "conseiller"  # answers the telephone
    SUPERVISOR = "superviseur"  # the same, agrees as a second operator, enrols operators
    LETTERS = "courrier"  # imports the roll, makes and posts batches; opens no member's page
    AUDITOR = "auditeur"  # reads the journal; opens no member's page, changes nothing


EVERYBODY = tuple(Role)
ON_THE_TELEPHONE = (Role.ADVISER, Role.SUPERVISOR)
AT_THE_PRINTER = (Role.LETTERS, Role.SUPERVISOR)
AT_THE_JOURNAL = (Role.AUDITOR, Role.SUPERVISOR)
WORDS = {
    Role.ADVISER: "conseiller",
    Role.SUPERVISOR: "superviseur",
    Role.LETTERS: "courrier",
    Role.AUDITOR: "auditeur",
}
