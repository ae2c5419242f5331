def uninstall_hook(env):
    """The trigger goes with its table; its function does not."""
    env.cr.execute("DROP FUNCTION IF EXISTS dms_stock_ledger_refuse() CASCADE")
