"""From log-in to agreement without JavaScript, and the agreeing with nothing but a keyboard."""

import pytest
from playwright.sync_api import Browser

from tests.browser.keys import press_enter, reach
from tests.browser.living import World, command, visitors
from tests.browser.stories import BUYER, PASSWORD, SUPPLIER, Story
from tests.browser.test_story import import_and_enrol, invite_and_propose


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
