"""Passwords of the customer's side: argon2id, and never inside a write transaction."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from onboarding.domain.errors import InputInvalid

SHORTEST, LONGEST = 12, 200

hasher = PasswordHasher()


def check_password(password: str, email: str) -> None:
    """Raises InputInvalid for one that is too short, too long, or made of the address."""
    if len(password) < SHORTEST:
        raise InputInvalid(field="password", reason="too-short", shortest=SHORTEST)
    if len(password) > LONGEST:
        raise InputInvalid(field="password", reason="too-long", longest=LONGEST)
    if password.casefold() == email.casefold() or len(set(password)) < 4:
        raise InputInvalid(field="password", reason="easy-to-guess")


def hash_password(password: str) -> str:
    return hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the one stored; takes as long where there is none."""
    try:
        hasher.verify(stored or _nobodys_hash(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether it was made with less work than we ask now."""
    return hasher.check_needs_rehash(stored)


@cache
def _nobodys_hash() -> str:
    return hasher.hash("nobody's password, for those without one")
