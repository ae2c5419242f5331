def uninstall_hook(env):
    """Holds keep their gate from being deleted: they go first, with the module that knows what they mean.

    The table of commitments belongs to no model, so nobody else would drop it.
    """
    env["dms.order.hold"].with_context(active_test=False).search([]).unlink()
    env.cr.execute("DROP TABLE IF EXISTS dms_limit_commitment")
