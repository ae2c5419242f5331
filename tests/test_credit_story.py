"""From an order over the limit to the payment that lets it go: the distributor in a real browser, the job of the suite in between."""

import math

import pytest

from tests.live_server import live_server
from tests.odoo_client import Client
from tests.portal_browser import Distributor, open_browser

OPEN_LIMIT = 250.0


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with live_server(tmp_path_factory.mktemp("credit")) as server:
        yield server


class Buyer(Distributor):
    def order(self, worth):
        """Upload an order of one product worth at least so much; the pad opens with its price and what stands against it."""
        rows = self.page.request.get(f"{self.server.url}/my/dms/pad/data").json()["rows"]
        row = next(row for row in rows if "Health" not in row["categ"])  # no licence
        _unit, name, _factor, price = row["units"][0]
        step = max(row["multiple"], row["min"], 1)
        quantity = step * math.ceil(worth / price / step)
        self.upload("order.csv", f"Product code,Quantity,Unit\n{row['code']},{quantity:g},{name}\n".encode())

    def announce(self, amount, reference):
        self.page.goto(f"{self.server.url}/my/dms/credit/payments/new")
        self.page.fill("input[name=amount]", f"{amount:.2f}")
        self.page.fill("input[name=reference]", reference)
        self.page.get_by_role("button", name="Send notice").click()
        self.page.wait_for_url("**/my/dms/credit/payments/*")

    def opens(self, path):
        self.page.goto(f"{self.server.url}{path}")


class Finance:
    """Credit control and accounting."""

    def __init__(self, server, distributor):
        self.admin = Client(server.url, server.database, "admin")
        (company,) = self.admin.read("res.company", [], ["id"], limit=1, order="id")
        domain = [("partner_id.name", "=", distributor), ("company_id", "=", company["id"])]
        (self.account,) = (row["id"] for row in self.admin.read("dms.credit.account", domain, ["id"]))

    def position(self):
        names = ["exposure_amount", "limit_amount", "available_amount", "receivable_amount", "overdue_amount"]
        (row,) = self.admin.call("dms.credit.account", "read", [self.account], names)
        return row

    def leave_room(self, amount):
        """Set the limit to what is owed already and ``amount`` more; nothing but the limit shall hold."""
        self.admin.call("dms.credit.account", "write", [self.account], {"policy": "hold", "overdue_grace_days": 3650})
        limit = round(self.position()["exposure_amount"] + amount, 2)
        self.admin.call("dms.credit.account", "action_set_limit", [self.account], limit, "Agreed for the season")

    def register(self, reference):
        """The accountant's two clicks: open the match, register the payment."""
        (advice,) = self.admin.read("dms.payment.advice", [("reference", "=", reference)], ["state", "amount"])
        assert advice["state"] == "submitted"
        action = self.admin.call("dms.payment.advice", "action_match", [advice["id"]])
        self.admin.call(action["res_model"], "action_register", [action["res_id"]])
        (advice,) = self.admin.read("dms.payment.advice", [("reference", "=", reference)], ["state"])
        assert advice["state"] == "matched"


def test_over_the_limit_until_the_payment_arrives(server):
    finance = Finance(server, "Harbour Foods")
    finance.leave_room(OPEN_LIMIT)
    with open_browser() as browser:
        buyer = Buyer(server, browser, "harbour")
        buyer.order(worth=2 * OPEN_LIMIT)
        buyer.sees("Exceeds your credit by")
        order = buyer.submit()
        buyer.sees_status("On hold")
        buyer.sees("Exceeds your credit by")
        buyer.opens("/my/dms/credit")
        (row,) = finance.admin.read("sale.order", [("id", "=", order)], ["name", "amount_total", "dms_state"])
        assert row["dms_state"] == "on_hold"
        buyer.sees(row["name"])
        buyer.announce(row["amount_total"], "TRANSFER-77")
        buyer.sees("TRANSFER-77")
        buyer.opens(f"/my/dms/orders/{order}")
        finance.register("TRANSFER-77")
        buyer.sees_status("Submitted")  # nobody touched the order
        assert not buyer.errors
