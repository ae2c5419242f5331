#: core notes that statements inherit the matching of items under every module that has a part of it, and forgets the other one
INHERITED = ("dms_orders", "model_inherit__dms_stock_statement__dms_item_match")


def uninstall_hook(env):
    """The trigger goes with its table; its function does not."""
    env.cr.execute("DROP FUNCTION IF EXISTS dms_stock_ledger_refuse() CASCADE")
    module, name = INHERITED
    env["ir.model.data"].search([("module", "=", module), ("name", "=", name)]).unlink()
