def post_init_hook(env):
    """Every distributor has an account from the start."""
    env["dms.credit.account"]._create_missing()


def uninstall_hook(env):
    """Holds keep their gate from being deleted: those of this module go with it, and their orders go on without them."""
    gates = env["dms.order.gate"].with_context(active_test=False).search([("code", "in", env["sale.order"]._dms_credit_gates())])
    env["dms.order.hold"].search([("gate_id", "in", gates.ids)]).unlink()
