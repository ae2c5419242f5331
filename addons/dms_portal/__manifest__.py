{
    "name": "Distributor Portal",
    "summary": "The distributors' own login: home, order pad, orders, deliveries and invoices",
    "version": "19.0.1.0.0",
    "category": "Sales/Distribution",
    "author": "Distributor Management Suite contributors",
    "website": "https://github.com/dms-suite/dms",
    "license": "LGPL-3",
    "depends": ["dms_orders", "bus"],
    "data": [
        "security/ir.model.access.csv",
        "views/layout_templates.xml",
        "views/home_templates.xml",
        "views/list_templates.xml",
        "views/order_templates.xml",
        "views/pad_templates.xml",
        "views/res_partner_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "dms_portal/static/src/**/*",
        ],
        "web.assets_tests": [
            "dms_portal/static/tests/tours/*.js",
        ],
    },
}
