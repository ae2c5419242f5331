def uninstall_hook(env):
    """Holds keep their gate from being deleted: those of this module go first."""
    env["dms.order.hold"].search([("gate", "=", "scheme")]).unlink()
