"""Every public method of the module, and which strangers it answers."""

from odoo.tests import tagged

from odoo.addons.dms_orders.tests.access_common import StrangerMethodsMixin, everybody, nobody
from odoo.addons.dms_orders.tests.test_rpc import RpcCommon

#: a new public method must be decided here, and who may call it tested beside what it does
METHODS = {
    ("res.config.settings", "get_values"): ("employee",),  # of his company, whose fields he reads
    **everybody("dms.credit.mailing", "action_view_lines"),
    **nobody("account.move", "button_draft"),
    **nobody("account.payment", "action_dms_bounce"),
    **nobody(
        "dms.credit.account",
        "action_lift_stop",
        "action_open_account",
        "action_open_advice",
        "action_open_distributor",
        "action_open_drafts",
        "action_open_extensions",
        "action_open_holds",
        "action_open_ordered",
        "action_open_overdue",
        "action_open_receivable",
        "action_open_uninvoiced",
        "action_request_extension",
        "action_set_limit",
        "action_statement",
        "action_stop",
    ),
    **nobody("dms.credit.ageing", "action_open_document", "action_statement"),
    **nobody("dms.credit.extension", "action_approve", "action_reject"),
    **nobody("dms.credit.extension.rejection", "action_reject"),
    **nobody(
        "dms.credit.mailing",
        "action_cancel",
        "action_fill",
        "action_retry",
        "action_send",
    ),
    **nobody("dms.credit.mailing.line", "action_open_account"),
    **nobody("dms.credit.statement.wizard", "action_download", "action_mail"),
    **nobody("dms.credit.terms", "action_lift_stop", "action_set_limit", "action_stop"),
    **nobody("dms.hold.partial.release", "action_release"),
    **nobody("dms.order.hold", "action_ask_payment", "action_open_credit_account", "action_release_part"),
    **nobody("dms.payment.advice", "action_cancel", "action_match", "action_reject", "action_unmatch"),
    **nobody("dms.payment.match", "action_match", "action_register"),
    **nobody("dms.payment.match.line", "action_match"),
    **nobody("dms.payment.rejection", "action_reject"),
    **nobody("res.config.settings", "set_values"),
    **nobody("res.partner", "action_open_credit_account"),
    **nobody("sale.order", "action_open_credit_account"),
    **nobody("stock.picking", "action_cancel", "button_validate"),
}


@tagged("post_install", "-at_install")
class TestPublicMethods(StrangerMethodsMixin, RpcCommon):
    METHODS = METHODS
