"""Signs as Standard Webhooks says, with secrets that are derived and stored nowhere."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

SECRET_PREFIX = "whsec_"


def secret_of(secret_key: str, endpoint_id: int, salt: str) -> str:
    """An endpoint's secret: only who knows that of the installation can make it."""
    about = f"webhook|{endpoint_id}|{salt}".encode()
    made = hmac.new(secret_key.encode(), about, hashlib.sha256).digest()
    return SECRET_PREFIX + base64.b64encode(made).decode()


def headers(message_id: str, now: datetime, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """The headers by which a receiver knows whose message it is: a signature for each secret."""
    timestamp = str(int(now.timestamp()))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(secret, signed) for secret in secrets),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
