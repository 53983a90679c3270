"""How far a visitor has come. A session has exactly one rank; every door names those it lets in."""

from enum import StrEnum


class Rank(StrEnum):
    """The ranks of a session, from the street to the space."""

    VISITOR = "visitor"  # no session in the store
    REGISTERING = "registering"  # proved the letter in this browser
    CODE = "code"  # right password, security code still to come
    WAITING = "waiting"  # right password of a registration not confirmed yet
    TERMS = "terms"  # both steps right, new terms still to accept
    MEMBER = "member"  # signed in


ANYONE = tuple(Rank)
NOT_MEMBERS = tuple(rank for rank in ANYONE if rank not in (Rank.MEMBER, Rank.TERMS))
