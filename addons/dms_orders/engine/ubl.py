"""UBL 2.x orders (Peppol BIS Ordering 3 and its relatives) to plain values.

What the file says is kept as it says it; nothing is looked up, added or trusted. Amounts are in the order's currency,
untaxed where the standard says so, and serve comparison only.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lxml import etree

from .errors import IntakeError, Problem
from .numbers import check_quantity, parse_decimal, shown
from .package import PARSER_OPTIONS, has_doctype
from .rows import clean
from .upload import DEFAULT_LIMITS

ORDER = "{urn:oasis:names:specification:ubl:schema:xsd:Order-2}Order"
NAMESPACES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
MAX_NOTES = 20
MAX_NOTE = 2000  # characters of a note that are kept
_NOT_FINITE = re.compile(r"[-+]?(nan|inf|infinity)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Identifier:
    """An id and the scheme that issued it (`0088` is GLN), "" when the file names none."""

    value: str
    scheme: str = ""

    def __str__(self):
        return f"{self.scheme}:{self.value}" if self.scheme else self.value


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address as plain values; `country` is the two-letter code."""

    street: str = ""
    street2: str = ""
    lines: tuple = ()
    city: str = ""
    postcode: str = ""
    region: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Who a party says it is: every identifier of it, in the file's order."""

    name: str = ""
    legal_name: str = ""
    endpoint: Identifier | None = None
    identifiers: tuple = ()
    legal_ids: tuple = ()
    vat: str = ""
    address: Address = Address()
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """Requested delivery, both days inclusive; either may be None."""

    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    location: Identifier | None = None
    address: Address = Address()
    period: Period = Period()
    party_name: str = ""


@dataclass(frozen=True, slots=True)
class AllowanceCharge:
    """For information. `amount` is positive; `is_charge` says which way it goes."""

    is_charge: bool
    amount: Decimal | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One order line. `price` is for `base_quantity` of `base_unit`; `quantity` is None when a problem says why."""

    number: int
    id: str = ""
    seller_code: str = ""
    standard_id: Identifier | None = None
    buyer_code: str = ""
    name: str = ""
    quantity_text: str = ""
    quantity: Decimal | None = None
    unit_code: str = ""
    price: Decimal | None = None
    base_quantity: Decimal | None = None
    base_unit: str = ""
    amount: Decimal | None = None
    currency: str = ""
    allowances: tuple = ()
    period: Period = Period()
    note: str = ""
    problems: tuple = ()


@dataclass(frozen=True, slots=True)
class Totals:
    lines: Decimal | None = None
    untaxed: Decimal | None = None
    taxed: Decimal | None = None
    payable: Decimal | None = None


@dataclass(frozen=True, slots=True)
class UblOrder:
    """An order file. `references` are the buyer's other references by name of their element."""

    id: str = ""
    issue_date: date | None = None
    type_code: str = ""
    currency: str = ""
    customer_reference: str = ""
    references: tuple = ()
    notes: tuple = ()
    buyer: Party = Party()
    seller: Party = Party()
    delivery: Delivery = Delivery()
    allowances: tuple = ()
    totals: Totals = Totals()
    lines: tuple = ()


def parse_order(data, limits=DEFAULT_LIMITS):
    """Return the UblOrder in the bytes `data`. Raises IntakeError: doctype, broken_xml, not_order, no_rows, ..."""
    root = _parse_root(data, limits)
    line_nodes = root.findall("cac:OrderLine", NAMESPACES)
    if not line_nodes:
        raise IntakeError("no_rows")
    if len(line_nodes) > limits.max_rows:
        raise IntakeError("too_many_rows", limit=limits.max_rows)
    return UblOrder(
        id=_text(root, "cbc:ID"),
        issue_date=_date(root, "cbc:IssueDate"),
        type_code=_text(root, "cbc:OrderTypeCode"),
        currency=_text(root, "cbc:DocumentCurrencyCode").upper(),
        customer_reference=_text(root, "cbc:CustomerReference"),
        references=_references(root),
        notes=_notes(root),
        buyer=_party(root.find("cac:BuyerCustomerParty/cac:Party", NAMESPACES)),
        seller=_party(root.find("cac:SellerSupplierParty/cac:Party", NAMESPACES)),
        delivery=_delivery(root.find("cac:Delivery", NAMESPACES)),
        allowances=_allowances(root),
        totals=_totals(root.find("cac:AnticipatedMonetaryTotal", NAMESPACES)),
        lines=tuple(_line(number, node, limits) for number, node in enumerate(line_nodes, start=1)),
    )


def _parse_root(data, limits):
    if len(data) > limits.max_bytes:
        raise IntakeError("too_big", limit_mb=limits.max_bytes // (1024 * 1024))
    if not data.strip():
        raise IntakeError("empty")
    if has_doctype(data):
        raise IntakeError("doctype")
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, **PARSER_OPTIONS)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise IntakeError("broken_xml", line=getattr(error, "lineno", None) or 1) from error
    if root.getroottree().docinfo.doctype:
        raise IntakeError("doctype")
    if root.tag != ORDER:
        raise IntakeError("not_order", root=shown(etree.QName(root).localname))
    return root


def _text(node, path, limit=200):
    """Return the text at `path` on one line, "" when there is none, cut at `limit` characters."""
    found = node.find(path, NAMESPACES) if node is not None else None
    return " ".join(clean(found.text or "").split())[:limit] if found is not None else ""


def _note(node, path="cbc:Note"):
    return _text(node, path, MAX_NOTE)


def _notes(root):
    notes = (clean(node.text or "")[:MAX_NOTE] for node in root.findall("cbc:Note", NAMESPACES)[:MAX_NOTES])
    return tuple(note for note in notes if note)


def _date(node, path):
    try:
        return date.fromisoformat(_text(node, path)[:10])
    except ValueError:
        return None


def _decimal(node, path):
    return parse_decimal(_text(node, path))


def _identifier(node, path):
    value = _text(node, path)
    return Identifier(value, _attribute(node, path, "schemeID")) if value else None


def _identifiers(node, path):
    found = (_identifier(item, "cbc:ID") for item in node.findall(path, NAMESPACES)[:MAX_NOTES])
    return tuple(identifier for identifier in found if identifier)


def _attribute(node, path, name):
    found = node.find(path, NAMESPACES) if node is not None else None
    return (found.get(name) or "").strip()[:20] if found is not None else ""


def _references(root):
    paths = {
        "sales_order": "cbc:SalesOrderID",
        "quotation": "cac:QuotationDocumentReference/cbc:ID",
        "previous_order": "cac:OrderDocumentReference/cbc:ID",
        "originator": "cac:OriginatorDocumentReference/cbc:ID",
        "contract": "cac:Contract/cbc:ID",
        "project": "cac:ProjectReference/cbc:ID",
        "cost_centre": "cbc:AccountingCost",
    }
    found = ((name, _text(root, path)) for name, path in paths.items())
    return tuple((name, value) for name, value in found if value)


def _party(node):
    if node is None:
        return Party()
    legal = node.findall("cac:PartyLegalEntity", NAMESPACES)[:MAX_NOTES]
    return Party(
        name=_text(node, "cac:PartyName/cbc:Name"),
        legal_name=_text(node, "cac:PartyLegalEntity/cbc:RegistrationName"),
        endpoint=_identifier(node, "cbc:EndpointID"),
        identifiers=_identifiers(node, "cac:PartyIdentification"),
        legal_ids=tuple(found for entity in legal if (found := _identifier(entity, "cbc:CompanyID"))),
        vat=_text(node, "cac:PartyTaxScheme/cbc:CompanyID"),
        address=_address(node.find("cac:PostalAddress", NAMESPACES)),
        email=_text(node, "cac:Contact/cbc:ElectronicMail"),
        phone=_text(node, "cac:Contact/cbc:Telephone"),
    )


def _address(node):
    if node is None:
        return Address()
    lines = node.findall("cac:AddressLine", NAMESPACES)[:MAX_NOTES]
    return Address(
        street=_text(node, "cbc:StreetName"),
        street2=_text(node, "cbc:AdditionalStreetName"),
        lines=tuple(text for line in lines if (text := _text(line, "cbc:Line"))),
        city=_text(node, "cbc:CityName"),
        postcode=_text(node, "cbc:PostalZone"),
        region=_text(node, "cbc:CountrySubentity"),
        country=_text(node, "cac:Country/cbc:IdentificationCode").upper(),
    )


def _period(node):
    path = "cac:RequestedDeliveryPeriod"
    return Period(_date(node, f"{path}/cbc:StartDate"), _date(node, f"{path}/cbc:EndDate"))


def _delivery(node):
    if node is None:
        return Delivery()
    return Delivery(
        location=_identifier(node, "cac:DeliveryLocation/cbc:ID"),
        address=_address(node.find("cac:DeliveryLocation/cac:Address", NAMESPACES)),
        period=_period(node),
        party_name=_text(node, "cac:DeliveryParty/cac:PartyName/cbc:Name"),
    )


def _allowances(node):
    return tuple(
        AllowanceCharge(
            is_charge=_text(item, "cbc:ChargeIndicator").lower() in ("true", "1"),
            amount=_decimal(item, "cbc:Amount"),
            reason=_text(item, "cbc:AllowanceChargeReason") or _text(item, "cbc:AllowanceChargeReasonCode"),
        )
        for item in node.findall("cac:AllowanceCharge", NAMESPACES)[:MAX_NOTES]
    )


def _totals(node):
    return Totals(
        lines=_decimal(node, "cbc:LineExtensionAmount"),
        untaxed=_decimal(node, "cbc:TaxExclusiveAmount"),
        taxed=_decimal(node, "cbc:TaxInclusiveAmount"),
        payable=_decimal(node, "cbc:PayableAmount"),
    )


def _line(number, order_line, limits):
    node = order_line.find("cac:LineItem", NAMESPACES)
    if node is None:
        return Line(number, problems=(Problem("product_missing"),))
    quantity, problems = _quantity(node, limits)
    item = node.find("cac:Item", NAMESPACES)
    values = _item_values(item)
    if not any(values.values()):
        problems = (*problems, Problem("product_missing"))
    return Line(
        number,
        id=_text(node, "cbc:ID"),
        **values,
        quantity_text=_text(node, "cbc:Quantity"),
        quantity=quantity,
        unit_code=_attribute(node, "cbc:Quantity", "unitCode").upper(),
        **_price_values(node),
        allowances=_allowances(node),
        period=_period(node.find("cac:Delivery", NAMESPACES)),
        note=_note(order_line) or _note(node),
        problems=problems,
    )


def _item_values(item):
    return {
        "seller_code": _text(item, "cac:SellersItemIdentification/cbc:ID"),
        "standard_id": _identifier(item, "cac:StandardItemIdentification/cbc:ID"),
        "buyer_code": _text(item, "cac:BuyersItemIdentification/cbc:ID"),
        "name": _text(item, "cbc:Name") or _text(item, "cbc:Description"),
    }


def _price_values(node):
    return {
        "price": _decimal(node, "cac:Price/cbc:PriceAmount"),
        "base_quantity": _decimal(node, "cac:Price/cbc:BaseQuantity"),
        "base_unit": _attribute(node, "cac:Price/cbc:BaseQuantity", "unitCode").upper(),
        "amount": _decimal(node, "cbc:LineExtensionAmount"),
        "currency": _attribute(node, "cac:Price/cbc:PriceAmount", "currencyID").upper(),
    }


def _quantity(node, limits):
    """Return (Decimal or None, problems) of a line's quantity, an XML Schema decimal."""
    text = _text(node, "cbc:Quantity")
    try:
        return _parse_quantity(text, limits), ()
    except IntakeError as error:
        return None, (error.problem,)


def _parse_quantity(text, limits):
    if not text:
        raise IntakeError("quantity_missing")
    if _NOT_FINITE.fullmatch(text):
        raise IntakeError("quantity_not_finite", value=shown(text))
    number = parse_decimal(text)
    if number is None:
        raise IntakeError("quantity_not_number", value=shown(text))
    return check_quantity(number, text, limits.max_quantity)
