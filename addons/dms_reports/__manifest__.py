{
    "name": "Distributor Sales Reporting",
    "summary": "One set of facts, from the pivot to the workbook to the morning mail: sales, sell-out, schemes, targets",
    "version": "19.0.1.0.0",
    "category": "Sales/Distribution",
    "author": "Distributor Management Suite contributors",
    "website": "https://github.com/dms-suite/dms",
    "license": "LGPL-3",
    "depends": ["dms_credit", "dms_inventory", "dms_schemes", "spreadsheet_dashboard", "digest", "base_import"],
    "external_dependencies": {"python": ["xlsxwriter"]},
    "data": [
        "security/ir.model.access.csv",
        "security/dms_reports_rules.xml",
        "data/dms_reports_data.xml",
        "views/dms_sales_fact_views.xml",
        "views/dms_sales_check_views.xml",
        "views/dms_reports_menus.xml",
        "security/dms_sales_target_rules.xml",
        "wizard/dms_sales_plan_split_views.xml",
        "views/dms_sales_target_views.xml",
        "views/dms_sales_plan_views.xml",
        "views/dms_sales_achievement_views.xml",
        "views/dms_sales_target_menus.xml",
        "views/portal_reports.xml",
    ],
    "demo": [
        "demo/dms_reports_demo.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "dms_reports/static/src/scss/**/*",
        ],
        "web.assets_tests": [
            "dms_reports/static/tests/tours/*.js",
        ],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
