def uninstall_hook(env):
    """The trigger goes with its table; its function does not, and the activities of alerts hold their types back."""
    types = [env.ref(f"dms_inventory.mail_activity_stock_{kind}", raise_if_not_found=False) for kind in ("out", "over", "report")]
    activities = env["mail.activity"].with_context(active_test=False)
    activities.search([("activity_type_id", "in", [kind.id for kind in types if kind])]).unlink()
    env.cr.execute("DROP FUNCTION IF EXISTS dms_stock_ledger_refuse() CASCADE")
