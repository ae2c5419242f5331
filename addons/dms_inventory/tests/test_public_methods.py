"""Every public method of the module, and which strangers it answers."""

from odoo.tests import tagged

from odoo.addons.dms_orders.tests.access_common import StrangerMethodsMixin, everybody, nobody
from odoo.addons.dms_orders.tests.test_rpc import RpcCommon

#: a new public method must be decided here, and who may call it tested beside what it does
METHODS = {
    **everybody("res.partner", "action_open_stock"),
    **everybody("dms.stock.statement", "action_open_ledger"),
    **nobody("dms.stock.ageing", "action_download", "action_show"),
    **nobody("dms.stock.alert", "action_open_distributor"),
    **nobody("dms.stock.allocation", "action_apply", "action_cancel", "action_find_shortages", "action_propose"),
    **nobody("dms.stock.position", "action_check", "action_open_ledger", "action_rebuild", "action_suggest_order"),
    **nobody("dms.stock.recall", "action_close", "action_export", "action_print_letters", "action_refresh", "action_reopen"),
    **nobody("dms.stock.reporting", "action_open_statements"),
    **nobody(
        "dms.stock.statement",
        "action_cancel",
        "action_download",
        "action_match_rows",
        "action_name_columns",
        "action_post",
    ),
    **nobody("dms.stock.statement.columns", "action_read", "action_show_row"),
    **nobody("dms.stock.statement.row", "action_leave_out", "action_put_back", "action_take_in"),
    **nobody("dms.stock.statement.upload", "action_upload"),
    **nobody("dms.stock.suggestion", "action_cancel", "action_open_lines", "action_open_orders", "action_retry", "action_start"),
    **nobody("dms.stock.suggestion.line", "action_open_order"),
    **nobody("res.partner", "action_suggest_order"),
    **nobody("stock.lot", "action_dms_recall"),
    **nobody("stock.picking", "action_dms_confirm_receipt"),
}


@tagged("post_install", "-at_install")
class TestPublicMethods(StrangerMethodsMixin, RpcCommon):
    METHODS = METHODS
