"""Addresses of ours that tell to which mail somebody answers, and that nobody else can make.

`INBOX_ADDRESS` has `{}` where the token goes: `post+{}@example.nl`. The token names what it is for
(b: what cannot be delivered comes back, r: somebody answers) and the mail, and is signed.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from urllib.parse import urlsplit

MESSAGE_ID = re.compile(r"<([0-9a-f]{32})@([^<>\s]+)>")
SIGNED = 8  # bytes
PLACE = "{}"


class Purpose(StrEnum):
    BOUNCE = "b"
    REPLY = "r"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxAddress:
    """`template` as it is set; `host` is that of our Message-IDs."""

    template: str
    secret_key: str
    host: str

    @classmethod
    def of(cls, template: str | None, secret_key: str, public_url: str) -> Self | None:
        """As the settings have it; None where none is set."""
        if not template:
            return None
        host = urlsplit(public_url).hostname or "localhost"
        return cls(template=template, secret_key=secret_key, host=host)

    def made_for(self, purpose: Purpose, message_id: str) -> str:
        """The address for one mail; without a place for a token the address as it is."""
        found = MESSAGE_ID.fullmatch(message_id)
        if PLACE not in self.template or found is None:
            return self.template.replace("+" + PLACE, "").replace(PLACE, "")
        number = bytes.fromhex(found[1])
        token = base64.b32encode(number + self._signature(purpose, number)).decode()
        return self.template.replace(PLACE, purpose + token.rstrip("=").lower())

    def message_id_in(self, address: str) -> str | None:
        """The Message-ID of the mail that this address of ours was made for; None for any other."""
        if PLACE not in self.template:
            return None
        before, _, after = self.template.lower().partition(PLACE)
        address = address.strip().lower()
        if not (address.startswith(before) and address.endswith(after)):
            return None
        token = address[len(before) : len(address) - len(after)]
        purpose, text = token[:1], token[1:]
        try:
            whole = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
        except ValueError:
            return None
        number, signature = whole[:16], whole[16:]
        if purpose not in set(Purpose):
            return None
        if not hmac.compare_digest(signature, self._signature(Purpose(purpose), number)):
            return None
        return f"<{number.hex()}@{self.host}>"

    def _signature(self, purpose: Purpose, number: bytes) -> bytes:
        message = b"onboarding inbox " + purpose.encode() + number
        return hmac.new(self.secret_key.encode(), message, hashlib.sha256).digest()[:SIGNED]
