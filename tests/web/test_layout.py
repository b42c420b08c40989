"""The frame: a menu for each audience and role, a way past it, and a button to leave."""

import pytest

from onboarding.web.layout import Visitor
from tests.web.elements import Element, elements
from tests.web.sample_page import MANAGER, sample_app

ADMIN = Visitor("buyer", frozenset({"admin"}), "A. Beheer", log_out_url="/log-out")
SUPPLIER = Visitor("portal", frozenset({"contact"}), "J. van der Linde")


def page_for(visitor: Visitor, address: str = "/help") -> Element:
    return elements(sample_app(visitor).test_client().get(address).text)


def menu_of(page: Element) -> list[str]:
    return [link.text for nav in page.all("nav", class_="site-menu") for link in nav.all("a")]


@pytest.mark.parametrize(
    ("visitor", "menu"),
    [
        (MANAGER, ["Volgende", "Hulp"]),
        (ADMIN, ["Volgende", "Hulp", "Privacy"]),
        (SUPPLIER, ["Toegankelijkheid"]),
        (Visitor(), []),
    ],
)
def test_the_menu_suits_who_looks(visitor: Visitor, menu: list[str]) -> None:
    assert menu_of(page_for(visitor)) == menu


def test_the_menu_marks_where_one_is() -> None:
    current = page_for(MANAGER).one("nav", class_="site-menu").one("a", aria_current="page")
    assert current.text == "Hulp"


def test_the_skip_link_leads_to_the_content() -> None:
    page = page_for(MANAGER)
    assert page.one("a", class_="skip-link")["href"] == "#main"
    assert page.one("main")["id"] == "main"


def test_leaving_is_a_post() -> None:
    form = page_for(ADMIN).one("form", action="/log-out")
    assert form["method"] == "post"
    assert form.one("input", name="csrf_token")["value"]
    assert not page_for(SUPPLIER).all("form", action="/log-out")


@pytest.mark.parametrize("address", ["/help", "/accessibility", "/privacy"])
def test_the_pages_of_the_footer_are_open_to_everybody(address: str) -> None:
    page = page_for(Visitor(), address)
    assert page.one("h1").text
    links = {link["href"] for link in page.one("footer").all("a")}
    assert address in links
