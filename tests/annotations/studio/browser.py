"""An annotator at Debian's Chromium: what hand and eye do in Label Studio 1.23.2, driven by Playwright.

Labels and buttons are found as ``spec/labelstudio.md`` (section 4) found them; their classes belong to this version.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, Response, sync_playwright

from annotations.studio.home import Credentials

_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]  # as root, without a display
_PATIENCE = 90_000  # milliseconds: pages open in seconds, unless the machine is busy
_REGIONS = """() => [...document.querySelectorAll('.htx-highlight')].map(e => [
    e.textContent, Number(e.dataset.start), Number(e.dataset.end), getComputedStyle(e).backgroundColor])"""
# Where the mouse must go down and up to select the words: the middle of their first and last line.
_ENDS = """(words) => {
    const root = [...document.querySelectorAll('[class*=htx-richtext]')].find(e => e.textContent.includes(words));
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), range = document.createRange();
    const first = root.textContent.indexOf(words), last = first + words.length;
    for (let at = 0, node; (node = walker.nextNode()); at += node.length) {
        if (at <= first && first < at + node.length) range.setStart(node, first - at);
        if (at < last && last <= at + node.length) range.setEnd(node, last - at);
    }
    const boxes = [...range.getClientRects()], a = boxes[0], b = boxes[boxes.length - 1];
    return [a.left + 1, a.top + a.height / 2, b.right - 1, b.top + b.height / 2];
}"""


class Annotator:
    """Somebody logged in, with a task open before them."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self._url = url

    def log_in(self, credentials: Credentials) -> None:
        self.page.goto(f"{self._url}/user/login/")
        self.page.fill("input[name=email]", credentials.email)
        self.page.fill("input[name=password]", credentials.password)
        self.page.click("button[type=submit]")
        self.page.wait_for_url(lambda url: "login" not in url)

    def open(self, project: int, task: int, regions: int) -> None:
        """Open a task and wait until so many regions are drawn."""
        self.page.goto(f"{self._url}/projects/{project}/data?task={task}")
        self.page.wait_for_selector("[data-testid=bottombar-submit-button]")
        self.page.wait_for_function(
            "n => document.querySelectorAll('.htx-highlight').length === n", arg=regions
        )
        self.page.wait_for_timeout(600)  # hotkeys are bound after the first drawing

    def regions(self) -> list[tuple[str, int, int, str]]:
        """The regions as they are seen: words, place, colour."""
        return [tuple(one) for one in self.page.evaluate(_REGIONS)]

    def relabel(self, words: str, label: str) -> None:
        self._select(words)
        self._label(label).click()
        self.page.locator(".lsf-outliner-item", has_text=label).first.wait_for()
        self._deselect()

    def delete(self, words: str) -> None:
        self._select(words)
        self.page.keyboard.press("Backspace")
        self._region(words).wait_for(state="detached")

    def add(self, words: str, label: str, value: float) -> None:
        """Choose the label, drag the mouse over the words, and give the region its value."""
        self._label(label).click()
        self.page.wait_for_selector(".lsf-label_selected")
        left, top, right, bottom = self.page.evaluate(_ENDS, words)
        self.page.mouse.move(left, top)
        self.page.mouse.down()
        self.page.mouse.move(right, bottom, steps=6)
        self.page.mouse.up()
        self._region(words).wait_for()
        self._deselect()
        self._select(words)
        self.page.locator("input[type=number]").fill(str(value))

    def submit(self) -> Response:
        with self.page.expect_response(
            lambda answer: "/annotations" in answer.url and answer.request.method == "POST"
        ) as answer:
            self.page.click("[data-testid=bottombar-submit-button]")
        return answer.value

    def picture(self, path: Path) -> None:
        self.page.screenshot(path=path)

    def _region(self, words: str) -> Locator:
        return self.page.locator(".htx-highlight", has_text=re.compile(f"^{re.escape(words)}$"))

    def _label(self, label: str) -> Locator:
        return self.page.locator(".lsf-label__text", has_text=re.compile(rf"^{label}"))

    def _select(self, words: str) -> None:
        self._region(words).click()
        self.page.locator("input[type=number]").wait_for()  # value and period belong to the region selected

    def _deselect(self) -> None:
        self.page.keyboard.press("Escape")
        self.page.locator("input[type=number]").wait_for(state="hidden")


@contextmanager
def annotator(url: str) -> Iterator[Annotator]:
    """Opens the browser; nothing is downloaded: it is the system's own."""
    chromium = shutil.which("chromium")
    assert chromium, "no chromium: run scripts/install_chromium.sh"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, headless=True, args=_ARGUMENTS)
        try:
            page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
            page.set_default_timeout(_PATIENCE)
            yield Annotator(page, url)
        finally:
            browser.close()
