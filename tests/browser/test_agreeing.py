"""From log-in to agreement without JavaScript, and the agreeing with nothing but a keyboard."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.living import World, command, visitors
from tests.browser.test_story import (
    BUYER,
    PASSWORD,
    SUPPLIER,
    Story,
    import_and_enrol,
    invite_and_propose,
)

FAR = 60  # more presses than any page of the flow has things to reach


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_without_a_script_and_with_only_keys(browser: Browser, world: World) -> None:
    command(world.app, "db", "upgrade")
    world.token = command(world.app, "create-token", "Orders", "--scope", "eligibility:read")
    with visitors(browser, world, with_script=False) as visitor:
        buyer, supplier = visitor(BUYER, PASSWORD), visitor(SUPPLIER, "")
        buyer.page.goto(command(world.app, "create-user", BUYER, "--role", "manager"))
        buyer.send(password=PASSWORD)
        story = Story(world, buyer, buyer, supplier)
        import_and_enrol(story)
        invite_and_propose(story)
        page = supplier.page
        page.goto(world.link("invitation", SUPPLIER))
        reach(page, 'main button[type="submit"]')
        press_enter(page)
        reach(page, 'main a[href="/portal/1/pathways/1"]')
        press_enter(page)
        reach(page, 'main [name="function"]')
        page.keyboard.type("directeur")
        reach(page, 'main form[action$="/agree"] button')
        press_enter(page)
        assert page.locator(".error-summary").count() == 0
        world.post()
        assert story.mailed("agreement", SUPPLIER) == 1
        assert world.read("17037842")["reasons"][0]["code"] == "on-track"


def reach(page: Page, selector: str) -> None:
    """Press Tab until it has the focus, and see that the focus shows."""
    for _ in range(FAR):
        page.keyboard.press("Tab")
        if page.locator(selector).first.evaluate("one => one === document.activeElement"):
            shown = "one => getComputedStyle(one).outlineStyle + getComputedStyle(one).boxShadow"
            assert page.locator(selector).first.evaluate(shown) != "nonenone"
            return
    raise AssertionError(f"Tab never comes to {selector} on {page.url}")


def press_enter(page: Page) -> None:
    with page.expect_navigation() as navigation:
        page.keyboard.press("Enter")
    assert navigation.value.ok
