from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ReturnsCommon

OFFICERS = {"officer", "claims_manager"}
MAKERS = {"desk", "manager", "area", *OFFICERS}


@tagged("post_install", "-at_install")
class TestReturnRights(ReturnsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls.line_of(cls.sell({cls.tea: 100}))
        cls.roles = {**cls.create_roles(), "stock": cls.hand, "officer": cls.officer, "claims_manager": cls.claims_manager}
        cls.roles["accountant"] = cls.create_staff("t_accountant", "account.group_account_invoice")

    def make(self, state):
        case = self.create_return({self.line: 1}, user=self.desk2)
        steps = {
            "submitted": lambda: self.submit(case, user=self.desk2),
            "approved": lambda: self.approve(case, user=self.officer2),
            "received": lambda: self.bring(case),
            "inspected": lambda: self.inspect(case),
            "settled": lambda: case.with_user(self.officer2).action_settle(),
        }
        for name, step in steps.items() if state != "draft" else ():
            step()
            if name == state:
                break
        return case

    def test_buttons_are_for_their_roles(self):
        table = {
            "action_submit": ("draft", MAKERS),
            "action_cancel": ("submitted", MAKERS),
            "action_approve": ("submitted", OFFICERS),
            "action_reject": ("submitted", OFFICERS),
            "action_inspect": ("received", {"stock", *OFFICERS}),
            "action_settle": ("inspected", {"accountant", *OFFICERS}),
            "action_reverse": ("settled", {"claims_manager"}),
        }
        for button, (state, allowed) in table.items():
            for role, user in self.roles.items():
                with self.subTest(button=button, role=role):
                    case = self.make(state)
                    act = getattr(case.with_user(user), button)
                    arguments = ["No"] if button in ("action_reject", "action_reverse") else []
                    if role in allowed:
                        act(*arguments)
                        self.assertNotEqual(case.state, state)
                    else:
                        with self.assertRaises(AccessError):
                            act(*arguments)
                        self.assertEqual(case.state, state)

    def test_a_distributor_submits_and_cancels_its_own_alone(self):
        case = self.create_return({self.line: 1})
        for user in (self.beta_user, self.desk):
            with self.assertRaises(AccessError):
                case.with_user(user)._submit_own()
        case.with_user(self.alpha_user)._submit_own()
        self.assertEqual((case.state, case.submitted_by_id), ("submitted", self.alpha_user))
        with self.assertRaises(AccessError):
            case.with_user(self.beta_user)._cancel_own()
        case.with_user(self.alpha_user)._cancel_own()
        self.assertEqual(case.state, "cancelled")

    def test_fields_of_lines_are_written_at_their_stage_by_their_roles(self):
        values = {
            "quantity": 1, "approved_qty": 1, "accepted_qty": 1, "received_qty": 1, "disposition": "scrap", "decision_note": "x",
            "is_decided": True, "is_inspected": True, "live_qty": 0, "state": "draft", "return_id": 1, "split_from_id": False,
        }  # fmt: skip
        allowed = {
            "draft": ({"quantity", "disposition"}, MAKERS),
            "submitted": ({"approved_qty", "disposition", "decision_note"}, OFFICERS),
            "received": ({"accepted_qty", "disposition"}, {"stock", *OFFICERS}),
            "approved": (set(), set()),
        }
        for state, (names, roles) in allowed.items():
            case = self.make(state)
            for name, value in values.items():
                for role in ("desk", "stock", "officer", "area", "portal_a", "sales"):
                    with self.subTest(state=state, field=name, role=role):
                        line = case.line_ids.with_user(self.roles[role]).with_context(default_state="draft", active_test=False, su=True)
                        if name in names and role in roles:
                            line.write({name: value})
                        else:
                            with self.assertRaises(UserError):
                                line.write({name: value})

    def test_a_context_gives_no_value_that_cannot_be_given(self):
        context = {f"default_{name}": 9 for name in ("approved_qty", "received_qty", "accepted_qty", "live_qty", "credit_amount")}
        context |= {"default_state": "received", "default_is_decided": True, "default_decided_by_id": self.officer.id}
        returns = self.env["dms.return"].with_user(self.desk).with_context(**context)
        case = returns.create({"distributor_id": self.alpha.id, "line_ids": [Command.create(self.prepare_line(self.line, 1))]})
        line = case.sudo().line_ids
        self.assertEqual((case.state, line.approved_qty, line.received_qty, line.accepted_qty, line.is_decided), ("draft", 0, 0, 0, False))
        more = self.env["dms.return.line"].with_user(self.desk).with_context(**context)
        line = more.create({"return_id": case.id, **self.prepare_line(self.line, 1)}).sudo()
        self.assertEqual((line.state, line.approved_qty, line.received_qty, line.accepted_qty), ("draft", 0, 0, 0))

    def test_lines_of_a_submitted_return_are_written_through_it_and_not_added(self):
        case = self.make("submitted")
        own = case.with_user(self.officer)
        own.write({"line_ids": [Command.update(case.line_ids.id, {"approved_qty": 0})]})
        self.assertTrue(case.line_ids.is_decided)
        other = self.make("submitted").line_ids
        for command in (
            Command.create(self.prepare_line(self.line, 1)),
            Command.delete(case.line_ids.id),
            Command.update(other.id, {"approved_qty": 0}),
            Command.update(case.line_ids.id, {"quantity": 3}),
            Command.clear(),
        ):
            with self.subTest(command=command), self.assertRaises(UserError):
                own.write({"line_ids": [command]})
        for user in (self.desk, self.officer):
            with self.assertRaises(UserError):
                case.line_ids.with_user(user).unlink()
            with self.assertRaises(UserError):
                self.env["dms.return.line"].with_user(user).create({"return_id": case.id, **self.prepare_line(self.line, 1)})

    def test_lines_stay_with_their_distributor(self):
        case = self.make("draft")
        with self.assertRefused("of this distributor"):
            case.with_user(self.desk).distributor_id = self.beta

    def test_each_company_has_its_own_goods_and_places(self):
        other = self.env["res.company"].create({"name": "Other Maker"})
        place = self.env(context={**self.env.context, "allowed_company_ids": other.ids})
        values = {"partner_id": self.alpha.id, "order_line": [Command.create({"product_id": self.tea.id, "product_uom_qty": 10})]}
        order = place["sale.order"].create({**values, "user_id": False})
        order.action_confirm()
        order.picking_ids.move_ids.write({"quantity": 10, "picked": True})
        order.picking_ids._action_done()
        staff = self.desk | self.officer | self.hand
        staff.write({"company_ids": [Command.link(other.id)]})
        line = Command.create(self.prepare_line(order.order_line, 4))
        made = place["dms.return"].with_user(self.desk).create({"distributor_id": self.alpha.id, "line_ids": [line]})
        made.action_submit()
        made.with_user(self.officer).action_approve()
        picking = made.sudo().picking_ids
        self.assertEqual((made.company_id, picking.company_id), (other, other))
        self.assertEqual(picking.location_dest_id, other.dms_inspection_location_id)
        picking.move_ids.picked = True
        picking._action_done()
        made.with_user(self.hand).action_inspect()
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        self.assertEqual((made.state, self.lying(self.tea, warehouse.lot_stock_id)), ("inspected", -6))
        self.assertEqual(self.lying(self.tea, self.inspection), 0)
        with self.assertRaises(UserError):
            self.create_return({order.order_line: 1}, company_id=self.company.id)

    def test_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Other Maker"})
        self.assertTrue(other.dms_inspection_location_id)
        self.assertNotEqual(other.dms_inspection_location_id, self.inspection)
        case = self.make("submitted")
        self.officer.write({"company_ids": [Command.link(other.id)]})
        away = case.with_user(self.officer).with_context(allowed_company_ids=other.ids)
        with self.assertRaises(AccessError):
            away.action_approve()
        with self.assertRaises(UserError):
            self.create_return({self.line: 1}, company_id=other.id, user=self.env.user)
