"""Where the links in mails lead, below the public address."""


def supplier_page(public_url: str, relation_id: int | None, milestone_id: int | None) -> str:
    """The portal; a contact of several customers chooses there."""
    return f"{public_url}/portal"


def buyer_page(public_url: str, relation_id: int | None) -> str:
    """The supplier's page, or the work list."""
    return f"{public_url}/suppliers/{relation_id}" if relation_id else f"{public_url}/"
