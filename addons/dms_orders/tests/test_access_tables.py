"""Who may do what with which records: tables of model x role x operation, with records on both sides of every model.

``side`` is a full set of records of one distributor: ``alpha`` lies in the area manager's territory, ``beta`` in another.
A cell holds the operations allowed on the record of each side ("r", "w", "c", "u" for read, write, create, unlink).
"""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import DmsCommon

OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
ROLES = (
    "public", "employee", "sales_own", "sales_all", "stock", "accountant", "area", "desk", "manager", "portal_a", "portal_b"
)  # fmt: skip
NOTHING = ("", "")
READ, ALPHA, BETA = ("r", "r"), ("r", ""), ("", "r")
STAFF_READ = dict.fromkeys(("employee", "sales_own", "sales_all", "stock", "accountant", "area", "desk"), READ)
DISTRIBUTION_READ = {"area": READ, "desk": READ, "manager": READ}
PORTAL = {"portal_a": ALPHA, "portal_b": BETA}
MAKER = {"manager": ("rwcu", "rwcu")}
DISTRIBUTION_ROWS = {"area": ALPHA, "desk": READ, "manager": READ, **PORTAL}
#: nobody works on the wizard rows of somebody else
NOT_MINE = {}

#: every model of the module that has records; a role that is not named may do nothing
OWN_MODELS = {
    "dms.territory": {**STAFF_READ, **MAKER},
    "dms.distributor.class": {**STAFF_READ, **MAKER},
    "dms.assortment": {**DISTRIBUTION_READ, **MAKER},
    "dms.licence.type": {**DISTRIBUTION_READ, **MAKER},
    "dms.licence": {"area": ALPHA, "desk": ("rwc", "rwc"), **MAKER},
    "dms.order.gate": {**DISTRIBUTION_READ, "manager": ("rw", "rw")},
    "dms.cancel.rule": {**DISTRIBUTION_READ, **MAKER},
    "dms.order.hold": DISTRIBUTION_ROWS,
    "dms.hold.recheck": {"manager": READ},
    "dms.order.revision": {**DISTRIBUTION_ROWS, "sales_own": ALPHA, "sales_all": READ},
    "dms.order.revision.line": {**DISTRIBUTION_ROWS, "sales_own": ALPHA, "sales_all": READ},
    "dms.order.intake": {"area": ALPHA, "desk": ("rw", "rw"), "manager": ("rwu", "rwu"), **PORTAL},
    "dms.order.intake.line": {"area": ALPHA, "desk": READ, "manager": READ, **PORTAL},
    "dms.distributor.product": {"area": ALPHA, "desk": ("rwcu", "rwcu"), **MAKER},
    "dms.hold.decision": NOT_MINE,
    "dms.revision.refusal": NOT_MINE,
    "dms.distributor.state.wizard": NOT_MINE,
    "dms.gate.check": NOT_MINE,
    "dms.gate.check.line": NOT_MINE,
    "dms.order.upload": NOT_MINE,
}

#: models of core that rules of the module narrow, read only: what may be written there is core's matter
CORE_MODELS = {
    "sale.order": {"sales_own": ALPHA, "sales_all": READ, "stock": READ, "accountant": READ, "area": ALPHA, "desk": READ, "manager": READ, **PORTAL},
    "sale.order.line": {"sales_own": ALPHA, "sales_all": READ, "stock": READ, "accountant": READ, "area": ALPHA, "desk": READ, "manager": READ, **PORTAL},
    "sale.report": {"sales_own": ALPHA, "sales_all": READ, "area": ALPHA, "desk": READ, "manager": READ},
    "res.partner": {**STAFF_READ, "area": ALPHA, "manager": READ, **PORTAL},
    "account.move": {"sales_own": ALPHA, "sales_all": READ, "accountant": READ, "area": ALPHA, "desk": READ, "manager": READ, **PORTAL},
    "account.move.line": {"sales_own": ALPHA, "sales_all": READ, "accountant": READ, "area": ALPHA, "desk": READ, "manager": READ, **PORTAL},
    "stock.picking": {"sales_own": READ, "sales_all": READ, "stock": READ, "accountant": READ, "area": ALPHA, "desk": READ, "manager": READ, **PORTAL},
    "stock.move": {**STAFF_READ, "employee": NOTHING, "area": ALPHA, "desk": READ, "manager": READ},
    "stock.move.line": {**STAFF_READ, "area": ALPHA, "desk": READ, "manager": READ},
}  # fmt: skip


class AccessTableCommon(DmsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sides = {"alpha": cls.create_side(cls.alpha, cls.area_a), "beta": cls.create_side(cls.beta, cls.south)}

    @classmethod
    def create_side(cls, distributor, territory, seller=None):
        """``{model: record}`` of one distributor, one record for every model of both tables."""
        sequence = f"T{distributor.id}"
        records = {
            "res.partner": distributor,
            "dms.territory": territory,
            "dms.distributor.class": cls.env["dms.distributor.class"].create({"name": sequence, "code": sequence}),
            "dms.assortment": cls.env["dms.assortment"].create(
                {"name": sequence, "categ_ids": [Command.set((cls.category | cls.medicine).ids)], "distributor_ids": distributor.ids}
            ),
            "dms.licence.type": cls.env["dms.licence.type"].create({"name": sequence, "code": sequence}),
            "dms.order.gate": cls.env["dms.order.gate"].create({"name": sequence, "code": sequence}),
            "dms.cancel.rule": cls.env["dms.cancel.rule"].search([], limit=1),
            "dms.hold.recheck": cls.env["dms.hold.recheck"].create({"distributor_id": distributor.id}),
            "dms.distributor.product": cls.env["dms.distributor.product"].create(
                {"distributor_id": distributor.id, "product_id": cls.tea.id, "code": sequence}
            ),
        }
        records["dms.licence"] = cls.env["dms.licence"].create(
            {"partner_id": distributor.id, "type_id": records["dms.licence.type"].id, "number": sequence}
        )
        records.update(cls.create_order_records(distributor))
        records.update(cls.create_intake_records(distributor))
        records.update(cls.create_wizard_rows(records))
        return records

    @classmethod
    def create_order_records(cls, distributor):
        done = cls.create_order(distributor, {cls.tea: 8})
        done.action_confirm()
        cls.deliver(done)
        invoice = cls.invoice(done)
        held = cls.create_order(distributor, {cls.syrup: 3})
        cls.syrup.order_min_qty = 50
        held.action_dms_submit()
        line = held.order_line
        revision = held.action_dms_amend([{"line_id": line.id, "product_id": cls.syrup.id, "quantity": 4}])
        cls.syrup.order_min_qty = 0
        cls.env.flush_all()
        return {
            "sale.order": held,
            "sale.order.line": line,
            "sale.report": cls.env["sale.report"].search([("order_reference", "=", f"sale.order,{done.id}")], limit=1),
            "dms.order.hold": held.dms_hold_ids[:1],
            "dms.order.revision": revision,
            "dms.order.revision.line": revision.line_ids,
            "account.move": invoice,
            "account.move.line": invoice.invoice_line_ids[:1],
            "stock.picking": done.picking_ids,
            "stock.move": done.picking_ids.move_ids,
            "stock.move.line": done.picking_ids.move_line_ids,
        }

    @classmethod
    def create_intake_records(cls, distributor):
        intake = cls.env["dms.order.intake"].create(
            {"source": "paste", "order_channel": "portal", "distributor_id": distributor.id, "is_shared": True}
        )
        return {
            "dms.order.intake": intake,
            "dms.order.intake.line": cls.env["dms.order.intake.line"].create({"intake_id": intake.id, "row_number": 1}),
        }

    @classmethod
    def create_wizard_rows(cls, records):
        order, hold, revision = records["sale.order"], records["dms.order.hold"], records["dms.order.revision"]
        check = cls.env["dms.gate.check"].create(
            {
                "order_id": order.id,
                "line_ids": [Command.create({"gate_id": hold.gate_id.id, "verdict": "hold"})],
            }
        )
        return {
            "dms.hold.decision": cls.env["dms.hold.decision"].create({"hold_ids": hold.ids, "note": "n"}),
            "dms.revision.refusal": cls.env["dms.revision.refusal"].create({"revision_ids": revision.ids, "reason": "r"}),
            "dms.distributor.state.wizard": cls.env["dms.distributor.state.wizard"].create(
                {"partner_ids": records["res.partner"].ids, "state": "closed", "reason": "r"}
            ),
            "dms.gate.check": check,
            "dms.gate.check.line": check.line_ids,
            "dms.order.upload": cls.env["dms.order.upload"].create({"distributor_id": records["res.partner"].id}),
        }

    def seen(self, user, model, sides=None):
        """Names of the sides whose record of ``model`` the user finds by searching; reading agrees with it."""
        sides = sides or self.sides
        records = {side: rows[model] for side, rows in sides.items()}
        Model = self.env[model].with_user(user)
        if not Model.has_access("read"):
            return set()
        found = Model.with_context(active_test=False).search([("id", "in", [record.id for record in records.values()])])
        visible = {side for side, record in records.items() if record.id in found.ids}
        for side, record in records.items():
            self.assertEqual(record.with_user(user).has_access("read"), side in visible, f"{model} of {side}")
        return visible


@tagged("post_install", "-at_install")
class TestAccessTables(AccessTableCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            "public": cls.env.ref("base.public_user"),
            "employee": cls.employee,
            "sales_own": new_test_user(cls.env, "t_sales_own", groups="sales_team.group_sale_salesman"),
            "sales_all": cls.salesperson,
            "stock": new_test_user(cls.env, "t_stock", groups="stock.group_stock_user"),
            "accountant": new_test_user(cls.env, "t_accountant", groups="account.group_account_manager"),
            "area": cls.area_manager,
            "desk": cls.desk,
            "manager": cls.manager,
            "portal_a": cls.alpha_user,
            "portal_b": cls.beta_user,
        }
        orders = {side: records["dms.order.hold"].order_id for side, records in cls.sides.items()}
        cls.give_to(cls.users["sales_own"], cls.sides["alpha"], orders["alpha"])

    @classmethod
    def give_to(cls, user, records, order):
        """Make the salesperson's own what is his in core's sense."""
        done = records["account.move"].line_ids.sale_line_ids.order_id
        (order | done).user_id = user
        records["account.move"].invoice_user_id = user
        cls.env.flush_all()

    def allowed(self, user, record):
        """Operations that access rows and rules let the user do on the record, as a cell of the table."""
        record = record.with_user(user)
        return "".join(letter for letter, operation in OPERATIONS.items() if record.has_access(operation))

    def assertTable(self, table, letters="rwcu"):
        wrong = []
        for model, row in table.items():
            for role in ROLES:
                records = [self.sides[side][model] for side in ("alpha", "beta")]
                got = tuple("".join(x for x in self.allowed(self.users[role], r) if x in letters) for r in records)
                if got != row.get(role, NOTHING):
                    wrong.append(f"{model}, {role}: {got}, not {row.get(role, NOTHING)}")
        self.assertFalse(wrong, "\n" + "\n".join(wrong))

    def test_every_model_of_the_module_is_in_the_table(self):
        models = {name for name, model in self.env.registry.items() if model._original_module == "dms_orders" and not model._abstract}
        self.assertEqual(models, set(OWN_MODELS), "decide who may do what with a new model, and say so in OWN_MODELS")

    def test_every_model_has_records_on_both_sides(self):
        for model in {**OWN_MODELS, **CORE_MODELS}:
            for side, records in self.sides.items():
                self.assertTrue(records[model].exists() if model != "sale.report" else records[model], f"{model} of {side}")
            if model != "dms.cancel.rule":  # one matrix for all
                self.assertNotEqual(*(records[model] for records in self.sides.values()), model)

    def test_own_models(self):
        self.assertTable(OWN_MODELS)

    def test_core_models(self):
        self.assertTable(CORE_MODELS, "r")

    def test_searching_agrees_with_reading(self):
        for model in {**OWN_MODELS, **CORE_MODELS}:
            if model == "dms.cancel.rule":
                continue
            for user in self.users.values():
                self.seen(user, model)

    def test_portal_writes_nothing(self):
        """Every change by the distributor goes through a documented method or a page, never through the ORM's own."""
        for model in {**OWN_MODELS, **CORE_MODELS}:
            for user in (self.alpha_user, self.beta_user):
                if model == "res.partner":
                    continue  # core's own rule; dms_portal decides on addresses
                for records in self.sides.values():
                    self.assertLessEqual(set(self.allowed(user, records[model])), {"r"}, model)

    def test_own_wizard_rows_are_usable(self):
        """The tables show strangers' rows: one's own are there for the groups that need them."""
        hold = self.sides["alpha"]["dms.order.hold"]
        for user, allowed in ((self.desk, True), (self.area_manager, True), (self.salesperson, False), (self.alpha_user, False)):
            Wizard = self.env["dms.hold.decision"].with_user(user)
            if allowed:
                wizard = Wizard.create({"hold_ids": hold.ids, "note": "n"})
                self.assertEqual(wizard.hold_ids, hold)
            else:
                with self.assertRaises(AccessError):
                    Wizard.create({"hold_ids": hold.ids, "note": "n"})

    def test_a_wizard_row_reaches_no_foreign_hold(self):
        foreign = self.sides["beta"]["dms.order.hold"]
        Wizard = self.env["dms.hold.decision"].with_user(self.area_manager)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            Wizard.create({"hold_ids": foreign.ids, "note": "n"})
        wizard = Wizard.with_context(default_hold_ids=foreign.ids)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            wizard.create({"note": "n"}).action_release()
        self.assertEqual(foreign.state, "open")

    # ------------------------------------------------------------ who sees holds

    def test_holds_are_hidden_outside_the_groups_whatever_the_path(self):
        order, hold = self.sides["alpha"]["sale.order"], self.sides["alpha"]["dms.order.hold"]
        for role in ("public", "employee", "sales_own", "sales_all", "stock", "accountant"):
            user = self.users[role]
            with self.assertRaises(AccessError, msg=role):
                hold.with_user(user).read(["message"])
            for field in ("dms_hold_ids", "dms_open_hold_ids"):
                self.assertNotIn(field, self.env["sale.order"].with_user(user).fields_get())
                with self.assertRaises(AccessError, msg=role):
                    self.env["sale.order"].with_user(user).search([(f"{field}.message", "ilike", "a")])
                with self.assertRaises(AccessError, msg=role):
                    order.with_user(user).read([field])

    def test_manager_of_several_territories_and_of_none(self):
        self.assertEqual(self.seen(self.area_manager, "sale.order"), {"alpha"})
        self.region.manager_id = self.area_manager
        self.assertEqual(self.seen(self.area_manager, "sale.order"), {"alpha"}, "all below the region")
        self.south.manager_id = self.area_manager
        self.assertEqual(self.seen(self.area_manager, "sale.order"), {"alpha", "beta"})
        (self.region | self.south | self.area_a).manager_id = False
        for model in ("sale.order", "dms.order.hold", "res.partner", "stock.picking", "stock.move", "account.move", "sale.report"):
            self.assertEqual(self.seen(self.area_manager, model), set(), model)

    def test_territory_moved_away_is_no_longer_seen(self):
        self.assertEqual(self.seen(self.area_manager, "dms.order.hold"), {"alpha"})
        self.area_a.manager_id = self.employee
        self.assertEqual(self.seen(self.area_manager, "dms.order.hold"), set())
        self.region.manager_id = self.area_manager
        self.assertEqual(self.seen(self.area_manager, "dms.order.hold"), {"alpha"})
        self.area_a.parent_id = self.south
        self.assertEqual(self.seen(self.area_manager, "dms.order.hold"), set())

    def test_order_keeps_the_territory_of_its_day(self):
        self.alpha.territory_id = self.south
        self.assertEqual(self.seen(self.area_manager, "sale.order"), {"alpha"}, "the order's own territory")
        self.assertEqual(self.seen(self.area_manager, "res.partner"), set(), "the distributor is another's now")

    def test_accountant_copies_a_partner_without_reading_assortments(self):
        accountant = self.users["accountant"]
        accountant.group_ids += self.env.ref("base.group_partner_manager")
        copied = self.customer.with_user(accountant).copy()
        self.assertFalse(copied.sudo().assortment_ids)
        with self.assertRaisesRegex(AccessError, "managers of distribution"):  # terms are copied by who keeps them
            self.alpha.with_user(accountant).copy()

    def test_transfers_without_an_order_stay_with_their_partner(self):
        kind = self.env["stock.picking.type"].search([("code", "=", "outgoing"), ("company_id", "=", self.company.id)], limit=1)
        values = {"picking_type_id": kind.id, "location_id": kind.default_location_src_id.id, "location_dest_id": self.env.ref("stock.stock_location_customers").id}  # fmt: skip
        partners = {"alpha": self.alpha, "beta": self.beta, "plain": self.customer, "none": self.env["res.partner"]}
        sides = {
            side: {"stock.picking": self.env["stock.picking"].create({**values, "partner_id": partner.id})}
            for side, partner in partners.items()
        }
        self.assertEqual(self.seen(self.area_manager, "stock.picking", sides), {"alpha", "plain", "none"})
        self.assertEqual(self.seen(self.salesperson, "stock.picking", sides), set(partners))
        plain = new_test_user(self.env, "t_plain", groups="base.group_portal", partner_id=self.customer.id)
        self.assertEqual(self.seen(plain, "stock.picking", sides), {"plain"}, "core shows a customer his own transfers")

    def test_customer_who_is_no_distributor_sees_what_core_shows(self):
        plain = new_test_user(self.env, "t_plain", groups="base.group_portal", partner_id=self.customer.id)
        order = self.create_order(self.customer)
        order.action_confirm()
        self.deliver(order)
        mine = {
            "sale.order": order,
            "sale.order.line": order.order_line,
            "stock.picking": order.picking_ids,
            "account.move": self.invoice(order),
        }
        sides = {"mine": mine, **self.sides}
        for model in mine:
            self.assertEqual(self.seen(plain, model, sides), {"mine"}, model)
            self.assertEqual(self.seen(self.alpha_user, model, sides), {"alpha"}, model)
        order.user_id = False
        self.assertEqual(self.seen(self.area_manager, "sale.order", sides), {"mine", "alpha"})
