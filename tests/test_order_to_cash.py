"""From a distributor's file to goods, invoice and PDF, as the people involved do it: the distributor in a real browser."""

import io
import itertools
import math
from pathlib import Path

import pytest
import xlsxwriter

from tests.live_server import live_server
from tests.odoo_client import Client
from tests.portal_browser import Distributor, open_browser

LINES = 200
#: what the warehouse answers to questions of the web client
ANSWERS = {"stock.backorder.confirmation": "process", "confirm.stock.sms": "dont_send_sms"}
EXAMPLE = Path(__file__).parent.parent / "addons/dms_orders/tests/data/Order_Example.xml"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with live_server(tmp_path_factory.mktemp("story")) as server:
        yield server


@pytest.fixture(scope="module")
def browser():
    with open_browser() as browser:
        yield browser


class Staff:
    """The manufacturer's side: desk, warehouse and accounting."""

    def __init__(self, server):
        self.desk, self.warehouse, self.admin = (Client(server.url, server.database, login) for login in ("desk", "warehouse", "admin"))

    def confirm(self, order):
        return self.desk.call("sale.order", "action_confirm", [order])

    def deliver(self, order, share):
        """Ship ``share`` of what is open of the order, the rest as a back order."""
        (picking,) = self.warehouse.read(
            "stock.picking", [("sale_id", "=", order), ("state", "not in", ("done", "cancel"))], ["move_ids", "picking_type_code"]
        )
        assert picking["picking_type_code"] == "outgoing"
        for move in self.warehouse.read("stock.move", [("id", "in", picking["move_ids"])], ["product_uom_qty"]):
            quantity = math.ceil(move["product_uom_qty"] * share)
            self.warehouse.call("stock.move", "write", [move["id"]], {"quantity": quantity, "picked": True})
        answer = self.warehouse.call("stock.picking", "button_validate", [picking["id"]])
        while isinstance(answer, dict):  # what the client asks on the way: a back order, a text message
            answer = self._answer(answer, picking["id"])

    def _answer(self, question, picking):
        model, context = question["res_model"], question["context"]
        wizard = self.warehouse.call(model, "create", [{"pick_ids": [[6, 0, [picking]]]}], context=context)
        return self.warehouse.call(model, ANSWERS[model], wizard, context=context)

    def invoice(self, order):
        """Invoice what was delivered and post it, by the order's own button."""
        context = {"active_model": "sale.order", "active_ids": [order], "active_id": order}
        wizard = self.admin.call("sale.advance.payment.inv", "create", [{"advance_payment_method": "delivered"}], context=context)
        self.admin.call("sale.advance.payment.inv", "create_invoices", wizard, context=context)
        (row,) = self.admin.read("sale.order", [("id", "=", order)], ["invoice_ids"])
        self.admin.call("account.move", "action_post", row["invoice_ids"])

    def lend(self, name):
        """Credit enough for everything a story orders."""
        accounts = [row["id"] for row in self.admin.read("dms.credit.account", [("partner_id.name", "=", name)], ["id"])]
        self.admin.call("dms.credit.account", "action_set_limit", accounts, 1e9, "Agreed for the story")

    def order(self, order):
        (row,) = self.desk.read(
            "sale.order", [("id", "=", order)], ["name", "dms_state", "order_channel", "amount_total", "order_line", "client_order_ref"]
        )
        return row

    def holds(self, order):
        return [hold["message"] for hold in self.desk.read("dms.order.hold", [("order_id", "=", order)], ["message"])]

    def give_login(self, code, login):
        """Portal access for the first contact of a distributor."""
        (partner,) = self.admin.read("res.partner", [("edi_endpoint", "=", code)], ["id", "name"])
        (group,) = self.admin.read("ir.model.data", [("module", "=", "base"), ("name", "=", "group_portal")], ["res_id"])
        contact = self.admin.call(
            "res.partner", "create", [{"name": "Purchasing", "parent_id": partner["id"], "email": f"{login}@example.com"}]
        )
        values = {"login": login, "password": login, "partner_id": contact[0], "group_ids": [[6, 0, [group["res_id"]]]]}
        self.admin.call("res.users", "create", [values], context={"no_reset_password": True})


def catalogue(distributor):
    """Rows of the distributor's own order pad."""
    return distributor.page.request.get(f"{distributor.server.url}/my/dms/pad/data").json()["rows"]


def order_file(rows):
    """An XLSX of 200 lines: every product in its own unit, then by the case, and again; always an allowed quantity."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Order")
        sheet.write_row(0, 0, ["Product code", "Quantity", "Unit"])
        for number, (code, quantity, unit) in enumerate(order_lines(list(rows)), 1):
            sheet.write_row(number, 0, [code, quantity, unit])
    return buffer.getvalue()


def order_lines(rows):
    """Code, quantity and unit of each line; the products come round again until there are enough."""
    uses = itertools.chain.from_iterable(((row, unit) for row in rows) for unit in itertools.cycle((0, -1)))
    return [order_line(row, row["units"][unit]) for row, unit in itertools.islice(uses, LINES)]


def order_line(row, unit):
    _unit_id, name, factor, _price = unit
    least = max(row["multiple"], row["min"], 1)
    return row["code"], math.lcm(int(least), int(factor)) // int(factor), name


def test_order_to_cash_from_a_sheet(server, browser):
    staff, buyer = Staff(server), Distributor(server, browser, "harbour")
    staff.lend("Harbour Foods")
    # no licence for the first; all that is left of the other, which is followed by lots, is promised
    rows = (row for row in catalogue(buyer) if "Health" not in row["categ"] and row["code"] != "BEV-090")
    buyer.upload("order.xlsx", order_file(rows))
    order = buyer.submit()
    row = staff.order(order)
    assert len(staff.desk.read("sale.order.line", [("order_id", "=", order), ("discount", "<", 100)], ["id"])) == LINES, "free goods apart"
    assert (row["dms_state"], row["order_channel"]) == ("submitted", "upload"), staff.holds(order)
    buyer.sees(row["name"])
    buyer.sees_status("Submitted")
    staff.confirm(order)
    buyer.sees_status("Confirmed")
    staff.deliver(order, 0.5)
    buyer.sees_status("Partly delivered")
    staff.deliver(order, 1)
    buyer.sees_status("Delivered")
    staff.invoice(order)
    buyer.sees_status("Invoiced")
    text = buyer.download_invoice()
    lines = staff.desk.read("sale.order.line", [("order_id", "=", order)], ["product_id"])
    products = staff.desk.read("product.product", [("id", "in", [line["product_id"][0] for line in lines])], ["name"])
    named = [product["name"] for product in products if product["name"] in text]
    assert len(named) > 0.8 * len(products), "an eye misreads a few names at most"
    assert not buyer.errors


def test_order_to_cash_from_a_peppol_order(server, browser):
    staff = Staff(server)
    staff.give_login("0192:987654325", "helse")
    buyer = Distributor(server, browser, "helse")
    buyer.upload("Order_Example.xml", EXAMPLE.read_bytes())
    order = buyer.submit()
    row = staff.order(order)
    assert (row["dms_state"], row["order_channel"], row["client_order_ref"]) == ("submitted", "edi", "34")
    lines = staff.desk.read("sale.order.line", [("order_id", "=", order)], ["product_uom_qty", "price_unit"])
    assert sorted(line["product_uom_qty"] for line in lines) == [15, 120]
    assert all(line["price_unit"] for line in lines)
    staff.confirm(order)
    buyer.sees_status("Confirmed")
    staff.deliver(order, 1)
    buyer.sees_status("Delivered")
    staff.invoice(order)
    buyer.sees_status("Invoiced")
    assert "Needle 4mm" in buyer.download_invoice()
    assert not buyer.errors
