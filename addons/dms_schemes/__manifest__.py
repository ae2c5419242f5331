{
    "name": "Distributor Schemes",
    "summary": "Trade schemes that explain themselves, with a benefit ledger and budgets that hold",
    "version": "19.0.1.0.0",
    "category": "Sales/Distribution",
    "author": "Distributor Management Suite contributors",
    "website": "https://github.com/dms-suite/dms",
    "license": "LGPL-3",
    "depends": ["dms_portal"],
    "data": [
        "security/dms_scheme_security.xml",
        "security/ir.model.access.csv",
        "security/dms_scheme_rules.xml",
        "data/dms_order_gate.xml",
        "views/dms_scheme_views.xml",
        "views/dms_scheme_menus.xml",
        "views/portal_schemes.xml",
        "views/portal_benefits.xml",
        "views/portal_order.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "dms_schemes/static/src/scss/**/*",
        ],
        "web.assets_tests": [
            "dms_schemes/static/tests/tours/*.js",
        ],
    },
    "uninstall_hook": "uninstall_hook",
}
