from odoo import api, models
from odoo.exceptions import AccessError


class Handed(int):
    """The id of a link that code hands on from a document to a part of it; nothing that a caller sends is one."""


def hand_on(link):
    """``link`` as a value for a part of its document; none is ``False``, since core tells moves apart by what they hold."""
    return Handed(link.id) if link else False


class DmsCaseLinks(models.AbstractModel):
    """For documents that returns and claims tie to themselves: limits are counted by these links, so nobody writes them by hand."""

    _name = "dms.case.links"
    _description = "Document Tied to a Return or a Claim"

    #: fields that only full rights write
    _case_links = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        """No link by values, nor by defaults of a caller's context.

        :raise AccessError: unless the environment has full rights
        """
        if self.env.su:
            return super().create(vals_list)
        self._refuse_links([{name: value for name, value in vals.items() if not isinstance(value, Handed)} for vals in vals_list])
        own = {f"default_{name}" for name in self._case_links}
        clean = self.with_env(self.env(context={key: value for key, value in self.env.context.items() if key not in own}))
        plain = [{name: int(value) if isinstance(value, Handed) else value for name, value in vals.items()} for vals in vals_list]
        return super(DmsCaseLinks, clean).create(plain).with_env(self.env)

    def write(self, vals):
        if not self.env.su and self._case_links & vals.keys():
            self._refuse_links([dict.fromkeys(self._case_links, True)])
        return super().write(vals)

    def _refuse_links(self, vals_list):
        if any(vals.get(name) for vals in vals_list for name in self._case_links):
            raise AccessError(self.env._("Documents are tied to returns and claims by these themselves."))


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["dms.case.links", "account.move"]

    _case_links = frozenset({"dms_return_id", "dms_claim_id"})


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["dms.case.links", "account.move.line"]

    _case_links = frozenset({"dms_return_line_id", "dms_claim_line_id", "dms_refund_order_id", "dms_free_line_id"})


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["dms.case.links", "stock.picking"]

    _case_links = frozenset({"dms_return_id"})


class StockMove(models.Model):
    _name = "stock.move"
    _inherit = ["dms.case.links", "stock.move"]

    _case_links = frozenset({"dms_return_line_id"})
