def post_init_hook(env):
    """Companies and warehouses that are there already get what new ones are made with."""
    env.invalidate_all()  # of demo data that failed only the database was rolled back
    env["res.company"]._dms_get_all()._dms_create_return_locations()
    env["stock.warehouse"].with_context(active_test=False).search([("dms_return_type_id", "=", False)])._dms_create_return_types()


def uninstall_hook(env):
    """Kinds of transfers and locations of returns go where nothing happened there; else they are put out of use."""
    types = env["stock.warehouse"].with_context(active_test=False).search([]).dms_return_type_id
    used = env["stock.picking"].search([("picking_type_id", "in", types.ids)]).picking_type_id
    sequences = (types - used).sequence_id
    (types - used).unlink()
    sequences.unlink()
    used.active = False
