"""Every public method of the module, and which strangers it answers."""

from odoo.tests import tagged

from odoo.addons.dms_orders.tests.access_common import StrangerMethodsMixin, everybody, nobody
from odoo.addons.dms_orders.tests.test_rpc import RpcCommon

#: a new public method must be decided here, and who may call it tested beside what it does
METHODS = {
    **everybody("dms.scheme.accrual", "action_view_documents", "action_view_entries"),
    **everybody("dms.scheme", "action_view_accruals", "action_view_baselines"),
    **nobody("account.move", "button_cancel", "button_draft"),
    **nobody(
        "dms.scheme",
        "action_approve",
        "action_backtest",
        "action_check",
        "action_close",
        "action_new_version",
        "action_open_benefits",
        "action_open_orders",
        "action_open_performance",
        "action_open_versions",
        "action_request_approval",
        "action_run_examples",
    ),
    **nobody(
        "dms.scheme.accrual",
        "action_claim",
        "action_release",
        "action_reopen",
        "action_send_statement",
        "action_settle",
        "action_statement_xlsx",
    ),
    **nobody("dms.scheme.approval", "action_approve"),
    **nobody("dms.scheme.backtest", "action_open_orders", "action_run"),
    **nobody("dms.scheme.release", "action_release"),
    **nobody("dms.scheme.workbook", "action_download"),
    **nobody("sale.order", "action_apply_schemes", "action_draft", "action_open_scheme_benefits", "get_scheme_panel"),
}


@tagged("post_install", "-at_install")
class TestPublicMethods(StrangerMethodsMixin, RpcCommon):
    METHODS = METHODS
