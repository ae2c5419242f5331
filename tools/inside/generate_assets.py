"""Generate every asset bundle of a template database, so that no test waits for one."""

env["ir.qweb"]._pregenerate_assets_bundles()  # noqa: F821
env.cr.commit()  # noqa: F821
