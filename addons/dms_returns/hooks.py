from odoo.fields import Domain


def post_init_hook(env):
    """Companies and warehouses that are there already get what new ones are made with."""
    env.invalidate_all()  # of demo data that failed only the database was rolled back
    env["res.company"]._dms_get_all()._dms_create_return_locations()
    env["stock.warehouse"].with_context(active_test=False).search([("dms_return_type_id", "=", False)])._dms_create_return_types()


def uninstall_hook(env):
    """Kinds of transfers and locations of returns go where nothing happened there; the others are history and stay, out of use."""
    _drop_types(env["stock.warehouse"].with_context(active_test=False).search([("dms_return_type_id", "!=", False)]).dms_return_type_id)
    companies = env["res.company"]._dms_get_all()
    locations = companies.dms_inspection_location_id | companies.dms_quarantine_location_id
    companies.write({"dms_inspection_location_id": False, "dms_quarantine_location_id": False})
    _drop_locations(locations)


def _drop_types(types):
    used = types.env["stock.picking"].search([("picking_type_id", "in", types.ids)]).picking_type_id
    sequences = (types - used).sequence_id
    (types - used).unlink()
    sequences.unlink()
    used.active = False


def _drop_locations(locations):
    moves = Domain("location_id", "in", locations.ids) | Domain("location_dest_id", "in", locations.ids)
    entries = locations.env["stock.move.line"].search(moves)
    kinds = locations.env["stock.picking.type"].with_context(active_test=False).search([("default_location_dest_id", "in", locations.ids)])
    used = (entries.location_id | entries.location_dest_id | kinds.default_location_dest_id) & locations
    roots = (locations - used).location_id - used.location_id
    (locations - used).unlink()
    roots.unlink()
