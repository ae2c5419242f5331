from datetime import timedelta

from lxml import html

from odoo.addons.dms_portal.tests.common import PortalCommon

from .common import DmsSchemesCommon


def having(page, name, inside=""):
    """Elements of a parsed page that have this class; with ``inside``, the XPath of what is looked for in them."""
    return page.xpath(f"//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]{inside}")


def words(element):
    """Text of an element with single blanks."""
    return " ".join(element.text_content().split())


class SchemePortalCommon(DmsSchemesCommon, PortalCommon):
    """Two distributors, each with a scheme of its own, an order that earned by it, and texts to be searched in every answer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._dms_today()
        others = cls.env["dms.scheme"].search([("state", "=", "approved")])  # of the demo data
        others._write_life({"state": "closed"})
        others._renew_editions()
        cls.mine |= cls.setUpSchemes(cls.alpha, "ALPHAMARK")
        cls.theirs |= cls.setUpSchemes(cls.beta, "BETAMARK")
        cls.env.flush_all()

    @classmethod
    def setUpSchemes(cls, distributor, mark):
        """``{name: record}``: a scheme for this distributor alone, and a delivered and invoiced order that earned by it."""
        scheme = cls.create_scheme(
            [(0, "percent", 10)],
            code=f"{mark}-CODE",
            name=f"{mark}-scheme",
            description=f"<p>{mark}-description</p>",
            product_ids=cls.tea,
            distributor_ids=distributor,
            max_per_distributor=1000,
            budget_amount=43219,
            user_id=cls.author.id,
        )
        earned = cls.create_portal_order(distributor, {cls.tea: 10}, client_order_ref=f"{mark}-earned")
        earned.action_confirm()
        cls.deliver(earned)
        return {"scheme": scheme, "earned": earned, "earned_invoice": cls.invoice(earned)}

    # ------------------------------------------------------------ order pad

    def get_pad(self, user=None):
        return self.env(user=user or self.alpha_user)["dms.portal.pad"].sudo()

    def price(self, lines, order=None):
        """The pad's answer for alpha."""
        pad = self.get_pad()
        order = order.with_env(pad.env) if order else pad.env["sale.order"]
        return pad._price(self.alpha.with_env(pad.env), order, lines)

    def save(self, lines, order=None):
        """The draft that the same lines make."""
        pad = self.get_pad()
        order = order.with_env(pad.env) if order else pad.env["sale.order"]
        return pad._save(self.alpha.with_env(pad.env), order, lines, {}).with_env(self.env)

    def messages(self, answer, tone):
        return [note["message"] for note in answer["notes"] if note["tone"] == tone and note["message"]]

    def marks(self, answer, product):
        return [note["mark"] for note in answer["notes"] if note["product_id"] == product.id and note["mark"]]

    # ------------------------------------------------------------ pages

    def page(self, path):
        """The parsed page behind a path."""
        return html.fromstring(self.get(path).text)

    @classmethod
    def day(cls, days):
        return cls.today + timedelta(days=days)

    def money(self, amount):
        return self.company.currency_id.format(amount)

    def shown(self, amount):
        """Money as :func:`words` has it."""
        return " ".join(self.money(amount).split())
