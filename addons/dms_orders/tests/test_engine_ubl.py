import random
import time
from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase
from odoo.tools import file_open

from odoo.addons.dms_orders.engine.errors import CODES, IntakeError
from odoo.addons.dms_orders.engine.ubl import Identifier, parse_order
from odoo.addons.dms_orders.engine.units import kind_of_code, kind_of_word

from .test_engine_sheet import mutate

SAMPLES = ("Order_Example.xml", "UC1_Order.xml", "UC2_Order.xml")
NAMESPACES = (
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2" '
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)


def sample(name):
    """Return the bytes of one of the published Peppol BIS Ordering 3 examples kept with the tests."""
    with file_open(f"dms_orders/tests/data/{name}", "rb") as stream:
        return stream.read()


def order(lines, head=""):
    return f"<Order {NAMESPACES}><cbc:ID>7</cbc:ID>{head}{lines}</Order>".encode()


def order_line(quantity="1", code="A", unit="EA"):
    item = f"<cac:SellersItemIdentification><cbc:ID>{code}</cbc:ID></cac:SellersItemIdentification>" if code else ""
    return (
        f'<cac:OrderLine><cac:LineItem><cbc:ID>1</cbc:ID><cbc:Quantity unitCode="{unit}">{quantity}</cbc:Quantity>'
        f"<cac:Item>{item}</cac:Item></cac:LineItem></cac:OrderLine>"
    )


class TestUblOrder(BaseCase):
    def assertRefused(self, code, data):
        with self.assertRaises(IntakeError) as caught:
            parse_order(data)
        self.assertEqual(caught.exception.code, code)
        self.assertEqual(set(caught.exception.params), set(CODES[code]))

    def test_all_published_examples_are_read(self):
        figures = {name: parse_order(sample(name)) for name in SAMPLES}
        self.assertEqual({name: (o.id, o.currency, len(o.lines)) for name, o in figures.items()}, {
            "Order_Example.xml": ("34", "NOK", 2),
            "UC1_Order.xml": ("1", "EUR", 3),
            "UC2_Order.xml": ("1", "EUR", 2),
        })  # fmt: skip
        for found in figures.values():
            self.assertEqual(sum(line.amount for line in found.lines), found.totals.lines)
            self.assertFalse(any(line.problems for line in found.lines))

    def test_example_keeps_buyer_references_and_delivery(self):
        found = parse_order(sample("Order_Example.xml"))
        self.assertEqual(found.buyer.endpoint, Identifier("987654325", "0192"))
        self.assertEqual(str(found.buyer.identifiers[0]), "0088:7300010000001")
        self.assertEqual(found.buyer.vat, "NO9311867455MVA")
        self.assertEqual(found.buyer.legal_ids, (Identifier("931186755", "0082"),))
        self.assertEqual(found.customer_reference, "9000012345")
        self.assertEqual(dict(found.references)["contract"], "34322")
        self.assertEqual(found.delivery.address.city, "Lørenskog")
        self.assertEqual(found.delivery.period.start, date(2012, 10, 10))
        self.assertEqual(found.notes, ("Information text for the whole order",))
        self.assertEqual([(a.is_charge, a.amount) for a in found.allowances], [(True, 400), (False, Decimal("652.5"))])

    def test_example_lines_keep_every_item_code(self):
        needle, tissues = parse_order(sample("Order_Example.xml")).lines
        self.assertEqual((needle.seller_code, needle.buyer_code), ("121212", "123456"))
        self.assertEqual(needle.standard_id, Identifier("7560000012345", "0160"))
        self.assertEqual((needle.quantity, needle.unit_code, needle.price, needle.base_quantity), (120, "EA", 50, 1))
        self.assertEqual(needle.period.end, date(2010, 2, 25))
        self.assertEqual((tissues.seller_code, tissues.standard_id, tissues.buyer_code), ("SItemNo011", None, ""))

    def test_line_without_codes_keeps_its_name(self):
        first = parse_order(sample("UC2_Order.xml")).lines[0]
        self.assertEqual((first.seller_code, first.name, first.quantity), ("", "Item 1", 10))

    def test_bad_quantities_stand_on_their_line(self):
        bad = {
            "": "quantity_missing", "-5": "quantity_negative", "0": "quantity_zero", "1e40": "quantity_not_number",
            "NaN": "quantity_not_finite", "1,5": "quantity_not_number", "9999999999": "quantity_too_large",
        }  # fmt: skip
        found = parse_order(order("".join(map(order_line, bad))))
        self.assertEqual([line.problems[0].code for line in found.lines], list(bad.values()))
        self.assertEqual(parse_order(order(order_line("1.500"))).lines[0].quantity, Decimal("1.5"))
        self.assertEqual(parse_order(order(order_line(code=""))).lines[0].problems[0].code, "product_missing")
        self.assertEqual(parse_order(order("<cac:OrderLine/>")).lines[0].problems[0].code, "product_missing")

    def test_document_type_and_entities_are_refused(self):
        for declaration in (
            '<!DOCTYPE Order [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE Order SYSTEM "http://127.0.0.1/x.dtd">',
            '<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]>',
        ):
            text = declaration + order(order_line()).decode()
            self.assertRefused("doctype", text.encode())
            self.assertRefused("doctype", text.encode("utf-16"))
        self.assertRefused("broken_xml", order(order_line("&xxe;")))

    def test_other_files_are_refused(self):
        self.assertRefused("empty", b"  \n")
        self.assertRefused("broken_xml", b"<Order")
        self.assertRefused("broken_xml", b"no xml at all")
        self.assertRefused("broken_xml", sample("UC1_Order.xml")[:-100])
        self.assertRefused("not_order", b"<Order><Line/></Order>")
        self.assertRefused("not_order", sample("UC1_Order.xml").replace(b"xsd:Order-2", b"xsd:Invoice-2"))
        self.assertRefused("not_order", b"<html xmlns='http://www.w3.org/1999/xhtml'/>")
        self.assertRefused("no_rows", order(""))
        self.assertRefused("too_many_rows", order("<cac:OrderLine/>" * 5001))
        self.assertRefused("too_big", b" " * (5 * 1024 * 1024 + 1))

    def test_foreign_namespaces_bring_no_values(self):
        hostile = order_line().replace("<cbc:Quantity", '<x:Quantity xmlns:x="urn:x">999</x:Quantity><cbc:Quantity')
        [line] = parse_order(order(hostile)).lines
        self.assertEqual(line.quantity, 1)

    def test_hostile_sizes_end_early(self):
        start = time.process_time()
        self.assertRefused("broken_xml", b"<a>" * 300_000)
        names = " ".join(f'xmlns:a{number}="u{number}"' for number in range(100_000))
        self.assertRefused("not_order", f"<a {names}/>".encode())
        self.assertRefused("no_rows", order("<b/>" * 1_000_000))
        self.assertLess(time.process_time() - start, 5)

    def test_broken_files_never_raise_anything_else(self):
        chance = random.Random(3)
        for _round in range(200):
            try:
                parse_order(mutate(chance, sample(chance.choice(SAMPLES))))
            except IntakeError as error:
                self.assertIn(error.code, CODES)


class TestUnits(BaseCase):
    def test_codes_and_words_have_one_kind(self):
        for text, kind in {"EA": "unit", "C62": "unit", "NAR": "unit", "KGM": "kg", "XBX": "box", "bx": "box"}.items():
            self.assertEqual(kind_of_code(text), kind)
        for text, kind in {"Stück": "unit", "pcs.": "unit", "KG": "kg", "Kartons": "carton", "EA": "unit"}.items():
            self.assertEqual(kind_of_word(text), kind)
        for text in ("", "XXX", "??", "Palette 7"):
            self.assertIsNone(kind_of_word(text), text)
