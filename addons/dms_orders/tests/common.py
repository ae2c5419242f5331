from odoo import SUPERUSER_ID
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user


class DmsCommon(TransactionCase):
    """A small manufacturer: a territory tree, a class, two distributors with portal users, staff and products."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        context = {"tracking_disable": True, "no_reset_password": True, "allowed_company_ids": cls.company.ids}
        cls.env = cls.env(user=SUPERUSER_ID, context={**cls.env.context, **context})
        cls.setUpGeography()
        cls.setUpStaff()
        cls.setUpProducts()
        cls.setUpDistributors()

    @classmethod
    def setUpGeography(cls):
        Territory = cls.env["dms.territory"]
        cls.region = Territory.create({"name": "North", "code": "T-N"})
        cls.area_a = Territory.create({"name": "Harbour", "code": "T-NH", "parent_id": cls.region.id})
        cls.area_b = Territory.create({"name": "Hills", "code": "T-NX", "parent_id": cls.region.id})
        cls.south = Territory.create({"name": "South", "code": "T-S"})
        cls.pricelist = cls.env["product.pricelist"].create({"name": "Distributors", "company_id": False})
        cls.distributor_class = cls.env["dms.distributor.class"].create(
            {"name": "Gold", "code": "T-GOLD", "pricelist_id": cls.pricelist.id}
        )

    @classmethod
    def setUpStaff(cls):
        cls.desk = cls.create_staff("t_desk", "dms_orders.group_dms_user")
        cls.desk2 = cls.create_staff("t_desk2", "dms_orders.group_dms_user")
        cls.manager = cls.create_staff("t_manager", "dms_orders.group_dms_manager")
        cls.area_manager = cls.create_staff("t_area", "dms_orders.group_dms_area_manager")
        cls.salesperson = cls.create_staff("t_sales", "sales_team.group_sale_salesman_all_leads")
        cls.employee = cls.create_staff("t_employee", "base.group_user")
        cls.area_a.manager_id = cls.area_manager

    @classmethod
    def create_staff(cls, login, groups):
        """A member of the manufacturer's staff, of the company alone."""
        values = {"name": login.title(), "email": f"{login}@maker.example.com"}
        return new_test_user(cls.env, login, groups=groups, company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)], **values)

    @classmethod
    def create_roles(cls):
        """``{role: user}`` of access tables: staff of every kind, a user of each distributor, nobody."""
        return {
            "public": cls.env.ref("base.public_user"),
            "employee": cls.employee,
            "sales": cls.salesperson,
            "stock": new_test_user(cls.env, "t_stock", groups="stock.group_stock_user"),
            "desk": cls.desk,
            "manager": cls.manager,
            "area": cls.area_manager,
            "portal_a": cls.alpha_user,
            "portal_b": cls.beta_user,
        }

    @classmethod
    def setUpProducts(cls):
        cls.unit = cls.env.ref("uom.product_uom_unit")
        cls.case = cls.env["uom.uom"].create({"name": "Case of 12", "relative_factor": 12, "relative_uom_id": cls.unit.id})
        cls.category = cls.env["product.category"].create({"name": "T Drinks"})
        cls.medicine = cls.env["product.category"].create({"name": "T Medicine"})
        cls.tax = cls.env["account.tax"].search([("type_tax_use", "=", "sale"), ("company_id", "=", cls.company.id)], limit=1)
        cls.tea = cls.create_product("Tea", "T-TEA", 10.0)
        cls.coffee = cls.create_product("Coffee", "T-COF", 25.0)
        cls.syrup = cls.create_product("Syrup", "T-SYR", 40.0, categ_id=cls.medicine.id)

    @classmethod
    def create_product(cls, name, code, price, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "default_code": code,
                "list_price": price,
                "is_storable": True,
                "categ_id": cls.category.id,
                "uom_ids": [Command.link(cls.case.id)],
                "invoice_policy": "delivery",
                "taxes_id": [Command.set(cls.tax.ids)],
                **values,
            }
        )

    @classmethod
    def setUpDistributors(cls):
        cls.alpha = cls.create_distributor("Alpha Trading", cls.area_a)
        cls.beta = cls.create_distributor("Beta Wholesale", cls.south)
        cls.alpha_user = cls.create_portal_user(cls.alpha, "t_alpha")
        cls.alpha_user2 = cls.create_portal_user(cls.alpha, "t_alpha2")
        cls.beta_user = cls.create_portal_user(cls.beta, "t_beta")
        cls.customer = cls.env["res.partner"].create({"name": "Plain Customer", "is_company": True})

    @classmethod
    def create_distributor(cls, name, territory=None, **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "is_distributor": True,
                "distributor_state": "active",
                "territory_id": territory and territory.id,
                "distributor_class_id": cls.distributor_class.id,
                **values,
            }
        )

    @classmethod
    def create_portal_user(cls, distributor, login):
        contact = cls.env["res.partner"].create(
            {"name": f"{login} of {distributor.name}", "parent_id": distributor.id, "email": f"{login}@example.com"}
        )
        return new_test_user(cls.env, login, groups="base.group_portal", partner_id=contact.id)

    @classmethod
    def create_order(cls, partner=None, lines=None, user=None, **values):
        """A draft of ``{product: quantity}`` made by ``user`` (default: the first clerk of the desk)."""
        lines = {cls.tea: 10} if lines is None else lines
        return (
            cls.env["sale.order"]
            .with_user(user or cls.desk)
            .create(
                {
                    "partner_id": (partner or cls.alpha).id,
                    "order_line": [
                        Command.create({"product_id": product.id, "product_uom_qty": quantity}) for product, quantity in lines.items()
                    ],
                    **values,
                }
            )
            .with_env(cls.env)
        )

    @classmethod
    def deliver(cls, order, quantities=None):
        """Validate what is open of an order's deliveries; ``{product: quantity}`` for a part, with a back order."""
        for picking in order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel")):
            for move in picking.move_ids:
                move.quantity = move.product_uom_qty if quantities is None else quantities.get(move.product_id, 0)
                move.picked = bool(move.quantity)
            picking.with_context(skip_backorder=True, cancel_backorder=False)._action_done()

    @classmethod
    def invoice(cls, order):
        moves = order._create_invoices()
        moves.invoice_date = cls.company._dms_today()  # left to core it is the user's today, which may be the company's tomorrow
        moves.action_post()
        return moves

    def open_gates(self, order):
        return set(order.dms_hold_ids.filtered(lambda hold: hold.state == "open").mapped("gate"))
