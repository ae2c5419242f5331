from . import (
    res_company,
    dms_credit_account,
    dms_credit_position,
    dms_credit_limit,
    dms_credit_change,
    dms_credit_extension,
    dms_credit_release_rule,
    dms_credit_delegation,
    dms_distributor_class,
    dms_order_hold,
    account_move,
    base_partner_merge,
    sale_order_exposure,
    sale_order_credit,
    sale_order_split,
    stock_picking,
    res_partner,
)
from . import dms_payment_advice, dms_payment_advice_submit, dms_payment_advice_decide, dms_payment_advice_match
from . import dms_payment_advice_merge, dms_credit_account_advice
from . import account_payment, res_company_payment
from . import dms_credit_statement, dms_credit_ageing, dms_credit_mailing, dms_credit_mailing_line
from . import dms_credit_account_portal, dms_credit_statement_portal, dms_credit_extension_portal, dms_payment_advice_portal
from . import dms_portal, dms_limit_lock_portal
from . import dms_credit_account_views, dms_credit_extension_views, dms_order_hold_views
from . import res_config_settings, res_partner_gauge, sale_order_gauge
from . import dms_demo
