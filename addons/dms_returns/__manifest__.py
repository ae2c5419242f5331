{
    "name": "Distributor Returns and Claims",
    "summary": "Goods back and money back, once and for the right amount: returns, claims, settlement, price protection",
    "version": "19.0.1.0.0",
    "category": "Sales/Distribution",
    "author": "Distributor Management Suite contributors",
    "website": "https://github.com/dms-suite/dms",
    "license": "LGPL-3",
    "depends": ["dms_inventory", "dms_schemes"],
    "data": [
        "security/dms_returns_security.xml",
        "security/ir.model.access.csv",
        "security/dms_returns_rules.xml",
        "data/dms_returns_data.xml",
    ],
    "demo": [],
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
