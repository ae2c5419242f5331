import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .res_users import TOKEN_MODELS


class ResPartner(models.Model):
    _inherit = "res.partner"

    dms_has_portal_access = fields.Boolean(
        compute="_compute_dms_has_portal_access", groups="dms_orders.group_dms_manager", help="Is a user of a distributor's portal."
    )

    def _compute_dms_has_portal_access(self):
        contacts = self.filtered("commercial_partner_id.is_distributor")
        users = contacts.commercial_partner_id._dms_portal_users().partner_id if contacts else contacts
        for partner in self:
            partner.dms_has_portal_access = partner in users

    # ------------------------------------------------------------ portal users

    def _dms_portal_users(self):
        """Active portal users of these distributors, with full rights."""
        return (
            self.env["res.users"]
            .sudo()
            .search(  # who may be told; ids and languages only
                [("partner_id.commercial_partner_id", "in", self.ids), ("share", "=", True), ("active", "=", True)]
            )
        )

    def _dms_portal_address(self):
        """One delivery address on one line."""
        self.ensure_one()
        place = ", ".join(filter(None, (self.street, self.zip, self.city)))
        return f"{self.display_name} ({place})" if place else self.display_name

    def _dms_portal_address_lines(self):
        self.ensure_one()
        return [line for line in self._display_address(without_company=True).splitlines() if line.strip()]

    def _prepare_dms_account_values(self):
        """What the page "My account" shows of a distributor to its own users: no terms, of colleagues the name only."""
        self.ensure_one()
        users = self._dms_portal_users()
        return {
            "name": self.name,
            "code": self.distributor_code or "",
            "vat": self.vat or "",
            "address_lines": self._dms_portal_address_lines(),
            "deliveries": [p._dms_portal_address() for p in self.env["dms.portal.pad"]._get_address_partners(self)],
            "users": users.mapped("name"),
            "me": self.env.user.name,
            "contact": self.user_id.name or "",
        }

    def action_dms_close_portal_access(self):
        """Off-boarding in one action: these contacts lose the portal of their distributor, at once and for good.

        :raise AccessError: for anybody but managers of distribution
        :raise UserError: when none of the contacts has access to a distributor's portal
        """
        if not self.env.user.has_group("dms_orders.group_dms_manager"):
            raise AccessError(self.env._("Only managers of distribution close the access of a distributor's users."))
        self.check_access("write")
        users = self.sudo().with_context(active_test=False).user_ids  # rights of managers of distribution, checked above
        closed = users.filtered(lambda user: user.active)._dms_offboard()
        if not closed:
            raise UserError(self.env._("None of these contacts uses a distributor's portal."))
        for distributor in closed.commercial_partner_id:
            names = closed.filtered(lambda user, d=distributor: user.commercial_partner_id == d).mapped("name")
            distributor._message_log(body=self.env._("Portal access closed: %(names)s", names=", ".join(names)))
        return True

    def _dms_unfollow_documents(self):
        """These contacts no longer follow any document: a follower may post on records that he cannot read."""
        self.env["mail.followers"].sudo().search(  # subscriptions of these contacts
            [("partner_id", "in", self.ids), ("res_model", "!=", "res.partner")]
        ).unlink()

    def _dms_rotate_tokens(self):
        """Links with a token to the documents of these distributors, sent or copied before, end here."""
        owners = {"sale.order": "distributor_id", "account.move": "commercial_partner_id"}
        for model in TOKEN_MODELS:
            records = (
                self.env[model]
                .sudo()
                .search(  # tokens of the distributors' own documents
                    [(owners[model], "in", self.ids), ("access_token", "!=", False)]
                )
            )
            for record in records:
                record.access_token = str(uuid.uuid4())

    def write(self, vals):
        moving = self.browse()
        if {"parent_id", "is_company"} & vals.keys() or vals.get("active") is False:
            moving = self.filtered(lambda partner: partner.commercial_partner_id.is_distributor)
        before = {partner: partner.commercial_partner_id for partner in moving}
        result = super().write(vals)
        left = moving.filtered(lambda partner: partner.commercial_partner_id != before[partner] or not partner.active)
        if left:
            left._dms_unfollow_documents()
        return result

    # ------------------------------------------------------------ core's address pages

    @api.model
    def _dms_is_distributor_user(self):
        user = self.env.user
        return user._is_portal() and user.commercial_partner_id.sudo().is_distributor  # a flag of the user's own company

    def _can_be_edited_by_current_customer(self, **kwargs):
        """A distributor's user edits its own contact only: the company and its addresses are kept by the manufacturer."""
        if self._dms_is_distributor_user():
            return self == self.env.user.partner_id and not self.is_distributor
        return super()._can_be_edited_by_current_customer(**kwargs)

    @api.model
    def _get_frontend_writable_fields(self):
        """Core renames the company when a contact sends another company name."""
        names = super()._get_frontend_writable_fields()
        return names - {"company_name", "vat"} if self._dms_is_distributor_user() else names
