"""The distributor's side of a story: one of its employees at a real browser."""

import contextlib
import io
import resource
import shutil
import subprocess

import pypdfium2
from playwright.sync_api import expect, sync_playwright


@contextlib.contextmanager
def open_browser():
    """A headless Chromium until the block ends."""
    with unlimited_memory(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            timeout=120_000,  # a busy machine
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        )
        yield browser
        browser.close()


@contextlib.contextmanager
def unlimited_memory():
    """Odoo bounds the address space of its process, which a browser started from it would inherit and not survive."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


class Distributor:
    """A distributor's employee at a browser."""

    def __init__(self, server, browser, login):
        self.server = server
        self.page = browser.new_context(viewport={"width": 1366, "height": 900}).new_page()
        self.page.set_default_timeout(60_000)
        self.errors = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(f"{server.url}/web/login?redirect=/my/dms")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", login)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url("**/my/dms")

    def upload(self, name, data):
        """Send a file from the order pad and arrive at the draft it became."""
        self.page.goto(f"{self.server.url}/my/dms/pad")
        self.page.get_by_role("button", name="Paste or upload").click()
        self.page.set_input_files("#o_dms_pad_file", {"name": name, "mimeType": "application/octet-stream", "buffer": data})
        self.page.get_by_role("button", name="Read the file").click()
        self.page.wait_for_url("**/my/dms/pad?order=*")

    def submit(self):
        """Submit the draft on the pad; return the id of the order whose page opens."""
        expect(self.page.locator("[data-pad=total][data-exact='1']")).to_be_visible()
        self.page.locator("[data-pad=submit]").click()
        self.page.wait_for_url("**/my/dms/orders/*")
        return int(self.page.url.rsplit("/", 1)[1].split("?")[0])

    def sees_status(self, label):
        """The open page shows the status, without being loaded again."""
        expect(self.page.locator("[data-live=label], .o_dms_status").first).to_have_text(label, timeout=30_000)

    def sees(self, text):
        expect(self.page.locator("main, #wrap").first).to_contain_text(text)

    def download_invoice(self):
        """Return the text of the invoice that the order's page offers as PDF."""
        self.page.reload()
        address = self.page.locator("a.o_dms_invoice_pdf").first.get_attribute("href")
        answer = self.page.request.get(f"{self.server.url}{address}")
        assert answer.ok
        return read_pdf(answer.body())


def read_pdf(data):
    """Words on the pages of a PDF as an eye sees them: Debian's wkhtmltopdf draws web fonts as outlines."""
    words = []
    for page in pypdfium2.PdfDocument(data):
        picture = io.BytesIO()
        page.render(scale=2.5, grayscale=True).to_pil().save(picture, "PNG")
        words += subprocess.run(["tesseract", "-", "-"], input=picture.getvalue(), capture_output=True, check=True).stdout.decode().split()
    return " ".join(words)
