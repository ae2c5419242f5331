from odoo.http import content_disposition, request

from odoo.addons.dms_portal.controllers.frame import DistributorPortal


class DistributorCreditPortal(DistributorPortal):
    """Base of the credit pages: the account of the user's distributor, the tabs below the tab, forms that keep what was typed."""

    def _dms_credit_account(self):
        """The account of the user's own distributor in the company of the request, with full rights; may be empty."""
        return request.env["dms.credit.account"]._get_account(self._dms_distributor(), request.env.company)

    def _dms_credit_pages(self, account):
        """Tabs of the credit pages: ``(key, label, url)``."""
        _ = request.env._
        pages = [
            ("position", _("Position"), "/my/dms/credit"),
            ("statement", _("Statement"), "/my/dms/credit/statement"),
            ("payments", _("Payments announced"), "/my/dms/credit/payments"),
        ]
        if account and account._may_request_extension():
            pages.append(("limits", _("Temporary limits"), "/my/dms/credit/limits"))
        return pages

    def _dms_render_credit(self, template, key, values, account=None, **kwargs):
        """Render a credit page.

        :param str key: key of its tab, see :meth:`_dms_credit_pages`
        """
        pages = self._dms_credit_pages(self._dms_credit_account() if account is None else account)
        values = {**self._dms_layout_values("credit"), "credit_pages": pages, "credit_key": key, **values}
        return request.render(template, values, **kwargs)

    def _dms_download(self, content, mimetype, filename):
        headers = [
            ("Content-Type", mimetype),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(filename)),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(content, headers=headers)
