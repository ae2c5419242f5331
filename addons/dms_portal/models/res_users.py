import secrets

from odoo import models

#: documents whose links carry a token that a former user may have kept
TOKEN_MODELS = ("sale.order", "account.move")


class ResUsers(models.Model):
    _inherit = "res.users"

    def _dms_offboard(self):
        """Take the portal away from users of a distributor, for good: nothing of theirs works again by itself.

        Archives them, ends their sessions (the password goes, so an old session does not revive with the user),
        deletes keys and trusted devices, ends what they follow, and changes the tokens of their distributor's documents.
        """
        users = self.filtered(lambda user: user._is_portal() and user.commercial_partner_id.is_distributor)
        partners = users.partner_id
        users.write({"password": secrets.token_urlsafe(32)})
        users.action_archive()
        users._dms_delete_credentials()
        partners.signup_cancel()
        partners._dms_unfollow_documents()
        partners.commercial_partner_id._dms_rotate_tokens()
        return users

    def _dms_delete_credentials(self):
        """API keys, sessions and trusted devices."""
        self.env["res.users.apikeys"].search([("user_id", "in", self.ids)]).unlink()
        self.env["res.device"].search([("user_id", "in", self.ids)])._revoke()
        if "auth_totp.device" in self.env:
            self.env["auth_totp.device"].search([("user_id", "in", self.ids)]).unlink()
