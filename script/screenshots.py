"""Takes the pictures of the README and the guides, from a demo that it builds for itself."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browsers import chromium, lacks

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "screenshots"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--lang=nl"]
COLOURS = 96
LARGEST = 150_000  # bytes: a guide with ten pictures still opens at once
SUPPLIER, NEWCOMER = "Drukkerij De Linde", "Nieuw Zeeuws Linnen"
BAR = ".demo-bar"


@dataclass(frozen=True)
class Demo:
    """Where the demo serves, and what it told when it was ready, by the word before the colon."""

    address: str
    told: dict[str, str]


@dataclass(frozen=True)
class Picture:
    """What `open_it` shows of the page: `height` pixels from under the demo's bar."""

    name: str
    who: str
    height: int
    open_it: Callable[[Page], None]


@contextmanager
def a_demo() -> Iterator[Demo]:
    """A demo of its own, in a folder and on a port that nobody else uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    with tempfile.TemporaryDirectory(prefix="onboarding-pictures-") as folder:
        flask = Path(sys.executable).parent / "flask"
        options = ["--folder", folder, "--port", port]
        with subprocess.Popen(
            [flask, "--app", "wsgi", "demo", *options],
            cwd=ROOT,
            env=environ,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield Demo(f"http://127.0.0.1:{port}", _told(process))
            finally:
                process.terminate()


def _told(process: subprocess.Popen[str]) -> dict[str, str]:
    told: dict[str, str] = {}
    assert process.stdout is not None
    for line in process.stdout:
        print(line, end="", flush=True)
        word, _, value = line.strip().partition(": ")
        told[word] = value
        if line.startswith("Stop with"):
            return told
    sys.exit("The demo did not start.")


# --- who looks ---


def colleague(browser: Browser, demo: Demo, role: str) -> Page:
    page = _page(browser, demo, width=1280, height=900)
    email, password = demo.told[f"Log-in ({role})"].split()
    page.goto("/log-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url("/")
    return page


def supplier(browser: Browser, demo: Demo) -> Page:
    page = _page(browser, demo, width=375, height=812)
    page.goto(demo.told["Supplier"].split()[0])
    page.click("main button[type=submit]")
    page.wait_for_url("**/portal/*")
    return page


def _page(browser: Browser, demo: Demo, *, width: int, height: int) -> Page:
    context = browser.new_context(
        base_url=demo.address, locale="nl-NL", viewport={"width": width, "height": height}
    )
    return context.new_page()


# --- what they open ---


def work_list(page: Page) -> None:
    page.goto("/")


def supplier_list(page: Page) -> None:
    page.goto("/suppliers")


def supplier_page(page: Page) -> None:
    page.goto("/suppliers")
    page.fill("[name=q]", SUPPLIER)
    page.press("[name=q]", "Enter")
    page.click(f"tbody th >> text={SUPPLIER}")
    page.wait_for_selector("#history")


def composing(page: Page) -> None:
    page.goto(f"/suppliers?q={NEWCOMER}")
    page.click(f"tbody th >> text={NEWCOMER}")
    page.click("text=Opnemen in het programma")
    page.click("text=Stel een ontwikkelpad samen")
    page.click("text=Maak het concept")
    page.wait_for_url("**/edit")


def reviewing(page: Page) -> None:
    page.goto("/")
    page.click("#review a.btn")
    page.wait_for_url("**/milestones/*")


def portal_home(page: Page) -> None:
    page.goto("/portal")


def portal_step(page: Page) -> None:
    page.click("text=Klaar, versturen")
    page.wait_for_url("**/steps/*")


def report(page: Page) -> None:
    page.goto("/reports")


def reminder(page: Page) -> None:
    """The last one that the supplier of the story was sent, as its reader saw it."""
    page.goto("/demo/mail?to=jolanda@delinde.example")
    page.click("main a:has-text('graag uiterlijk') >> nth=0")
    page.wait_for_url("**/demo/mail/*")
    page.frame_locator("iframe").locator("body").wait_for()


PICTURES = (
    Picture("work-list", "buyer", 900, work_list),
    Picture("supplier-list", "buyer", 1000, supplier_list),
    Picture("supplier", "buyer", 1000, supplier_page),
    Picture("composing", "buyer", 950, composing),
    Picture("reviewing", "buyer", 1240, reviewing),
    Picture("report", "manager", 1100, report),
    Picture("reminder", "buyer", 985, reminder),
    Picture("portal-home", "supplier", 960, portal_home),
    Picture("portal-step", "supplier", 1620, portal_step),
)


def take(page: Page, picture: Picture) -> int:
    """Write the picture with few colours; returns how many bytes it has."""
    picture.open_it(page)
    shot = Image.open(BytesIO(page.screenshot(full_page=True)))
    bar = page.locator(BAR).bounding_box()
    top = round(bar["y"] + bar["height"]) if bar else 0
    part = shot.crop((0, top, shot.width, min(shot.height, top + picture.height)))
    few = part.convert("RGB").quantize(
        COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
    )
    file = FOLDER / f"{picture.name}.png"
    few.save(file, optimize=True)
    return file.stat().st_size


def main() -> None:
    if missing := lacks():
        sys.exit(f"Pictures cannot be taken here: {missing}.")
    FOLDER.mkdir(exist_ok=True)
    too_large = []
    with a_demo() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        pages = {
            "buyer": colleague(browser, demo, "buyer"),
            "manager": colleague(browser, demo, "manager"),
            "supplier": supplier(browser, demo),
        }
        for picture in PICTURES:
            size = take(pages[picture.who], picture)
            print(f"{picture.name}.png: {size // 1000} kB", flush=True)
            if size > LARGEST:
                too_large.append(picture.name)
        browser.close()
    if too_large:
        sys.exit(f"Too large: {', '.join(too_large)}. Crop them.")


if __name__ == "__main__":
    main()
