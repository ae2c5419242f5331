"""Take the pictures of the documentation from a running suite with demo data: ``take_pictures.py ADDRESS FOLDER [NAME ...]``."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

DESK, PHONE = {"width": 1366, "height": 850}, {"width": 390, "height": 844}
LOADED = ".o_pivot table, .o_graph_renderer canvas, .o_list_view, .o_form_view, .o-spreadsheet, main"

#: name -> (login, path, window)
PICTURES = {
    "order_pad": ("north", "/my/dms/pad", DESK),
    "credit_workbench": ("credit", "/odoo/credit-workbench", DESK),
    "reports_management": ("admin", "/odoo/dashboards", DESK),
    "reports_analysis": ("desk", "/odoo/distributor-sales", DESK),
    "reports_growth": ("desk", "/odoo/distributor-growth", DESK),
    "reports_service": ("desk", "/odoo/distributor-service", DESK),
    "reports_targets": ("desk", "/odoo/sales-ranking", DESK),
    "reports_tieout": ("admin", "/odoo/distributor-sales-tieout", DESK),
    "reports_portal": ("north", "/my/dms/reports", DESK),
    "reports_portal_phone": ("north", "/my/dms/reports", PHONE),
}


def main(address, folder, *names):
    with sync_playwright() as playwright:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"], timeout=120_000)
        for name in names or PICTURES:
            login, path, window = PICTURES[name]
            page = log_in(browser.new_context(viewport=window).new_page(), address, login)
            page.goto(f"{address}{path}")
            page.wait_for_selector(LOADED)
            page.wait_for_timeout(6000)  # charts draw themselves, and nothing says when they are done
            page.screenshot(path=Path(folder, f"{name}.png"))
            page.context.close()


def log_in(page, address, login):
    page.set_default_timeout(90_000)
    page.goto(f"{address}/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", login)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/web/login" not in url)
    return page


if __name__ == "__main__":
    main(*sys.argv[1:])
