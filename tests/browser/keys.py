"""Somebody who visits with nothing but a keyboard: Tab to reach, Enter to press."""

from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.checks import overflow
from tests.browser.living import Visitor

FAR = 400  # more presses than any page has things to reach


class ByKeyboard(Visitor):
    """Reaches everything by Tab, sees where the focus is, and never scrolls sideways."""

    def press(self, target: Locator) -> Any:
        reach(self.page, target)
        answer = press_enter(self.page)
        assert overflow(self.page) <= 0, self.page.url
        return answer

    def unfold(self, summary: Locator) -> None:
        reach(self.page, summary)
        self.page.keyboard.press("Enter")

    def fill(self, form: Locator, name: str, value: Any) -> None:
        inputs = form.locator(f'[name="{name}"]')
        match inputs.first.evaluate("one => one.type"):
            case "radio":
                reach_group(self.page, inputs)
                for _ in range(inputs.count()):
                    if form.locator(f'[name="{name}"][value="{value}"]').is_checked():
                        return
                    self.page.keyboard.press("ArrowDown")
                assert form.locator(f'[name="{name}"][value="{value}"]').is_checked(), name
            case "checkbox":
                reach(self.page, inputs.first)
                if inputs.first.is_checked() != bool(value):
                    self.page.keyboard.press("Space")
            case "text" | "email" | "tel" | "textarea" | "password":
                reach(self.page, inputs.first)
                self.page.keyboard.press("Control+A")
                self.page.keyboard.type(str(value))
            case _:  # days, lists and files: what keys do there is the browser's own
                reach(self.page, inputs.first)
                super().fill(form, name, value)


def reach(page: Page, target: Locator | str) -> None:
    """Press Tab until it has the focus, and see that the focus shows."""
    found = (page.locator(target) if isinstance(target, str) else target).first
    for _ in range(FAR):
        if found.evaluate("one => one === document.activeElement"):
            shown = "one => getComputedStyle(one).outlineStyle + getComputedStyle(one).boxShadow"
            assert found.evaluate(shown) != "nonenone"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {target} on {page.url}")


def reach_group(page: Page, radios: Locator) -> None:
    """Press Tab until one of the choices has the focus, and choose it if none is chosen."""
    for _ in range(FAR):
        if radios.evaluate_all("all => all.includes(document.activeElement)"):
            if not radios.evaluate_all("all => all.some(one => one.checked)"):
                page.keyboard.press("Space")
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {radios} on {page.url}")


def press_enter(page: Page) -> Any:
    with page.expect_navigation() as navigation:
        page.keyboard.press("Enter")
    assert navigation.value.ok, (page.url, page.inner_text("main"))
    return navigation.value
