"""Every public method of the module, and which strangers it answers."""

from odoo.tests import tagged

from odoo.addons.dms_orders.tests.access_common import StrangerMethodsMixin, nobody
from odoo.addons.dms_orders.tests.test_rpc import RpcCommon

#: a new public method must be decided here, and who may call it tested beside what it does
METHODS = {
    **nobody("res.partner", "action_dms_close_portal_access"),
}


@tagged("post_install", "-at_install")
class TestPublicMethods(StrangerMethodsMixin, RpcCommon):
    METHODS = METHODS
