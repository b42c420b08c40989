"""The frame around every page: who looks, which menu that gives, and the addresses in it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, g, request, url_for
from flask_babel.speaklater import LazyString

from onboarding.web.moments import current_moment

PRODUCT = "Onboarding"
MENU = "menu"
VISITOR = "visitor"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever looks at the page, as far as the frame needs to know.

    `audience` is `buyer` (the customer's side, whatever the role), `portal` (the supplier's side)
    or `guest` (nobody is logged in). `log_out_url` is where a POST logs out.
    """

    audience: str = "guest"
    roles: frozenset[str] = frozenset()
    name: str = ""
    organisation: str = ""
    log_out_url: str | None = None
    account_url: str | None = None


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One word in the header: lower `order` stands first; without `roles` everybody sees it.

    `others` are addresses of pages that belong to it and do not lie below its own.
    """

    audience: str
    order: int
    endpoint: str
    label: LazyString
    roles: frozenset[str] = field(default_factory=frozenset)
    others: tuple[str, ...] = ()

    def is_for(self, visitor: Visitor) -> bool:
        may_see = not self.roles or bool(self.roles & visitor.roles)
        return self.audience == visitor.audience and may_see

    @property
    def url(self) -> str:
        return url_for(self.endpoint)

    @property
    def is_current(self) -> bool:
        """Whether the page shown belongs to this part: its own page, or one below it."""
        return request.endpoint == self.endpoint or any(
            f"{request.path}/".startswith(f"{place}/")
            for place in (self.url, *self.others)
            if place != "/"
        )


def add_menu_item(app: Flask, item: MenuItem) -> None:
    """Put a page in the menu; the module that registers the page calls this."""
    menu: list[MenuItem] = app.extensions.setdefault(MENU, [])
    menu.append(item)
    menu.sort(key=lambda other: other.order)


def tell_visitor_with(app: Flask, visitor: Callable[[], Visitor]) -> None:
    """Have `visitor` say who looks; accounts call this once."""
    app.extensions[VISITOR] = visitor


def current_visitor() -> Visitor:
    """Who looks at this page; an error page asks nobody, so that it always comes out."""
    tell: Callable[[], Visitor] | None = current_app.extensions.get(VISITOR)
    if tell is None or g.get("is_without_visitor", False):
        return Visitor()
    return tell()


def url_with(address: str | None = None, /, **changes: Any) -> str:
    """This page, or `address`, with this page's query and some of it changed; None takes out.

    Not by `url_for`: a query could name what that takes, such as `_scheme=javascript`.
    """
    query: dict[str, Any] = {**request.args.to_dict(flat=False), **changes}
    kept = {name: value for name, value in query.items() if value not in (None, "", [])}
    address = address or request.path
    return f"{address}?{urlencode(kept, doseq=True)}" if kept else address


def _frame() -> dict[str, Any]:
    visitor = current_visitor()
    menu = current_app.extensions.get(MENU, [])
    return {
        "product": PRODUCT,
        "customer_name": current_app.config["CUSTOMER_NAME"],
        "visitor": visitor,
        "menu": [item for item in menu if item.is_for(visitor)],
        "today": current_moment().today,
        "here": request.full_path.rstrip("?") if request.method == "GET" else request.path,
    }


def init_app(app: Flask) -> None:
    app.context_processor(_frame)
    app.jinja_env.globals["url_with"] = url_with
