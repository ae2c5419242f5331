from odoo.fields import Command
from odoo.tests import tagged

from .portal_common import SchemePortalCommon


@tagged("post_install", "-at_install")
class TestPortalPad(SchemePortalCommon):
    """What schemes give is part of what the order pad shows, and of nothing but what the order then has."""

    @classmethod
    def setUpSchemes(cls, distributor, mark):
        return {}  # the schemes of each test, and no others

    def assertSame(self, answer, order):
        """The pad promised what the order has, to the cent and line by line."""
        self.assertEqual((answer["untaxed"], answer["tax"], answer["total"]), (order.amount_untaxed, order.amount_tax, order.amount_total))
        amounts = {line.product_id.id: line.price_subtotal for line in order.order_line if not line.is_scheme_free}
        self.assertEqual({product: line["amount"] for product, line in answer["lines"].items()}, amounts)
        self.assertTied(order)

    # ------------------------------------------------------------ price

    def test_pad_price_is_the_order_s_to_the_cent(self):
        self.create_scheme([(0, "percent", 7.3)], product_ids=self.tea | self.coffee)
        self.create_scheme([self.free_slab(10, 1, every=10)], product_ids=self.tea)
        self.create_scheme([self.free_slab(2, 3, every=2, product=self.syrup)], product_ids=self.coffee)
        self.create_scheme([(100, "lump_amount", 11.11)], basis="amount", scope="basket")
        lines = [self.line(self.tea, 33), self.line(self.coffee, 1, self.case), self.line(self.syrup, 1)]
        answer = self.price(lines)
        self.assertLess(answer["untaxed"], 33 * 10 + 12 * 25 + 40, "the test would prove nothing")
        self.assertSame(answer, self.save(lines))

    def test_pad_price_with_tax_included_is_the_order_s(self):
        included = self.tax.copy({"price_include_override": "tax_included", "amount": 19.0, "amount_type": "percent", "name": "T in"})
        self.tea.write({"taxes_id": [Command.set(included.ids)], "list_price": 1.99})
        self.create_scheme([(0, "percent", 3.7)])
        for quantity in (1, 7, 13, 31):
            lines = [self.line(self.tea, quantity)]
            self.assertSame(self.price(lines), self.save(lines))

    def test_draft_on_the_pad_counts_its_lines_once(self):
        self.create_scheme([self.free_slab(10, 1, every=10)], product_ids=self.tea)
        order = self.save([self.line(self.tea, 20)])
        self.assertEqual(len(order.order_line), 2)
        lines = [self.line(self.tea, 30), self.line(self.coffee, 2)]
        answer = self.price(lines, order)
        self.assertEqual(answer["untaxed"], 350.0)
        self.assertEqual(self.marks(answer, self.tea), ["+ 3 free", "add 10 Units: 1 more free"])
        self.assertEqual(len(order.order_line), 2, "the draft itself stays as it was")
        self.assertSame(answer, self.save(lines, order))
        self.assertEqual(self.get_pad()._get_order_lines(order)[0]["quantity"], 30.0, "free goods are not typed")

    def test_change_of_a_confirmed_order_is_priced_with_its_own_schemes(self):
        scheme = self.create_scheme([self.free_slab(10, 1, every=10)], product_ids=self.tea)
        self.create_scheme([(0, "percent", 10)], product_ids=self.coffee)
        order = self.save([self.line(self.tea, 10), self.line(self.coffee, 4)])
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        scheme.with_user(self.approver).action_close()
        lines = [self.line(self.tea, 40), self.line(self.coffee, 2)]
        answer = self.price(lines, order)
        self.assertEqual(self.get_pad()._get_mode(order), "change")
        self.assertEqual(self.marks(answer, self.tea)[0], "+ 4 free")
        self.assertEqual(order.order_line.filtered("is_scheme_free").product_uom_qty, 1.0, "nothing is written")
        pad = self.get_pad(self.alpha_user)
        revision = pad._change(self.alpha.with_env(pad.env), order.with_env(pad.env), lines)
        self.assertEqual(revision.state, "applied")
        self.assertSame(answer, order)
        self.assertEqual(order.order_line.filtered("is_scheme_free").product_uom_qty, 4.0)

    def test_change_that_loses_the_free_goods_says_so(self):
        self.create_scheme([self.free_slab(10, 1, every=10)], product_ids=self.tea)
        order = self.save([self.line(self.tea, 10), self.line(self.coffee, 1)])
        order.action_confirm()
        answer = self.price([self.line(self.tea, 4), self.line(self.coffee, 1)], order)
        self.assertEqual(self.messages(answer, "success"), [])
        self.assertEqual(self.marks(answer, self.tea), ["add 6 Units: 1 free"])

    def test_nothing_is_written_by_asking(self):
        self.create_scheme([self.free_slab(10, 1, every=10)])
        counts = [self.env[model].search_count([]) for model in ("sale.order", "sale.order.line", "dms.scheme.application")]
        self.price([self.line(self.tea, 20)])
        self.env.flush_all()
        after = [self.env[model].search_count([]) for model in ("sale.order", "sale.order.line", "dms.scheme.application")]
        self.assertEqual(after, counts)

    # ------------------------------------------------------------ notes

    def test_what_is_given_is_told_scheme_by_scheme(self):
        self.create_scheme([(0, "percent", 10)], name="Summer", product_ids=self.tea | self.coffee, sequence=1)
        self.create_scheme([self.free_slab(12, 2)], name="Two more", product_ids=self.tea)
        answer = self.price([self.line(self.tea, 12), self.line(self.coffee, 4)])
        self.assertEqual(
            self.messages(answer, "success"),
            [
                f"All schemes together: −{self.money(22)}, goods worth {self.money(20)}",
                f"Summer: −{self.money(22)}",
                "Two more: 2 × Tea free",
            ],
        )
        self.assertEqual(self.marks(answer, self.tea), [f"−{self.money(12)}", "+ 2 free"])
        self.assertEqual(self.marks(answer, self.coffee), [f"−{self.money(10)}"])

    def test_free_goods_of_another_product_stand_on_both_rows(self):
        self.create_scheme([self.free_slab(5, 1, product=self.syrup)], product_ids=self.tea)
        answer = self.price([self.line(self.tea, 5)])
        self.assertEqual(self.marks(answer, self.tea), ["gives 1 × Syrup free"])
        self.assertEqual(self.marks(answer, self.syrup), ["+ 1 free"])

    def test_near_is_said_in_cases_where_they_fit_the_unit_typed(self):
        self.create_scheme([self.free_slab(48, 1, every=48)], name="Four and one", product_ids=self.tea)
        near = self.price([self.line(self.tea, 2, self.case)])["notes"]
        self.assertEqual(
            [(note["message"], note["mark"], note["set"]) for note in near],
            [("Tea: add 2 × Case of 12 and get 1 free (Four and one)", "add 2 × Case of 12: 1 free", [4.0, self.case.id])],
        )
        near = self.price([self.line(self.tea, 40)])["notes"][0]
        self.assertEqual((near["mark"], near["set"]), ("add 8 Units: 1 free", [48.0, self.unit.id]))

    def test_free_goods_are_said_in_cases_where_the_line_is(self):
        self.create_scheme([self.free_slab(120, 24, every=120)], product_ids=self.tea)
        answer = self.price([self.line(self.tea, 10, self.case)])
        self.assertEqual(self.marks(answer, self.tea), ["+ 2 × Case of 12 free", "add 10 × Case of 12: 2 × Case of 12 more free"])
        self.assertEqual(self.marks(self.price([self.line(self.tea, 120)]), self.tea)[0], "+ 24 free")

    def test_near_is_said_in_own_units_where_cases_do_not_fit(self):
        self.create_scheme([(20, "percent", 5)], product_ids=self.tea)
        near = self.price([self.line(self.tea, 1, self.case)])["notes"][0]
        self.assertEqual((near["mark"], near["set"]), ("add 8 Units: 5 % off", None))

    def test_near_on_amounts_is_money(self):
        self.create_scheme([(500, "lump_amount", 25)], name="Big order", basis="amount", scope="basket")
        answer = self.price([self.line(self.tea, 38)])
        self.assertEqual(self.messages(answer, "info"), [f"Add {self.money(120)} and get {self.money(25)} off (Big order)"])

    def test_what_one_click_adds_earns_the_benefit(self):
        self.create_scheme([self.free_slab(48, 1, every=48)], product_ids=self.tea)
        quantity, unit = self.price([self.line(self.tea, 3, self.case)])["notes"][0]["set"]
        answer = self.price([{"product_id": self.tea.id, "uom_id": unit, "quantity": quantity}])
        self.assertEqual(self.marks(answer, self.tea)[0], "+ 1 free")

    def test_applied_scheme_tells_the_way_to_its_next_step(self):
        self.create_scheme([(10, "percent", 5), (30, "percent", 12)], name="Steps", product_ids=self.tea)
        answer = self.price([self.line(self.tea, 10)])
        self.assertEqual(self.messages(answer, "info"), ["Tea: add 20 Units and get 12 % off (Steps)"])

    def test_nearest_comes_first(self):
        self.create_scheme([(100, "percent", 5)], product_ids=self.tea)
        self.create_scheme([(10, "percent", 5)], product_ids=self.coffee)
        answer = self.price([self.line(self.tea, 10), self.line(self.coffee, 9)])
        self.assertEqual([note["product_id"] for note in answer["notes"]], [self.coffee.id, self.tea.id])

    def test_off_invoice_scheme_is_promised_and_takes_nothing_off(self):
        self.create_scheme([(0, "percent", 10)], name="Rebate", timing="off_invoice")
        answer = self.price([self.line(self.tea, 10)])
        self.assertEqual(answer["untaxed"], 100.0)
        self.assertEqual(self.messages(answer, "success"), [f"Rebate: {self.money(10)}, credited later"])
        self.assertEqual(self.marks(answer, self.tea), [])

    def test_what_a_cap_cut_is_told_without_the_cap_of_others(self):
        self.create_scheme([(0, "percent", 10)], name="Small fund", budget_amount=15)
        other = self.create_order(self.beta, {self.tea: 10})
        other.action_confirm()
        answer = self.price([self.line(self.tea, 10)])
        self.assertEqual(self.messages(answer, "success"), [f"Small fund: −{self.money(5)} (all that is left of it)"])
        self.assertEqual(answer["untaxed"], 95.0)

    # ------------------------------------------------------------ badges

    def badges(self, user=None):
        pad = self.get_pad(user)
        distributor = (user or self.alpha_user).commercial_partner_id.with_env(pad.env)
        data = pad._get_data(distributor, pad.env["sale.order"])
        return [column["key"] for column in data["columns"] if column["key"] == "scheme"], {
            row["id"]: row["extra"]["scheme"] for row in data["rows"] if "scheme" in row.get("extra", {})
        }

    def test_products_on_offer_carry_the_scheme_in_short(self):
        self.create_scheme([self.free_slab(10, 1, every=10)], name="Ten and one", product_ids=self.tea)
        self.create_scheme([(24, "percent", 5)], categ_ids=self.medicine, name="Medicine")
        columns, badges = self.badges()
        self.assertIn("scheme", columns)
        self.assertEqual({id_: badge["text"] for id_, badge in badges.items()}, {self.tea.id: "10 + 1", self.syrup.id: "5 % from 24"})
        self.assertIn("Ten and one", badges[self.tea.id]["title"])

    def test_several_offers_on_a_product_are_counted(self):
        self.create_scheme([(5, "percent", 5), (50, "percent", 12)], product_ids=self.tea, sequence=1)
        self.create_scheme([(0, "unit_amount", 0.5)], product_ids=self.tea, sequence=2)
        _columns, badges = self.badges()
        self.assertEqual(badges[self.tea.id]["text"], "up to 12 % · 1 more")

    def test_closest_offer_comes_first_and_the_value_of_the_order_is_none(self):
        self.create_scheme([(500, "percent", 1)], basis="amount", scope="basket", categ_ids=self.category, sequence=1)
        self.create_scheme([(0, "percent", 2)], categ_ids=self.category, sequence=2)
        self.create_scheme([(0, "net_price", 8)], product_ids=self.tea, sequence=3)
        _columns, badges = self.badges()
        self.assertEqual(badges[self.tea.id]["text"], f"at {self.money(8)} · 1 more")
        self.assertEqual(badges[self.coffee.id]["text"], "2 %")

    def test_no_offer_no_column(self):
        self.create_scheme([(500, "lump_amount", 25)], basis="amount", scope="basket")
        self.create_scheme([(0, "percent", 10)], distributor_ids=self.beta)
        self.create_scheme([(0, "percent", 10)], date_from=self.day(1))
        self.create_scheme([(0, "percent", 10)], date_to=self.day(-1))
        self.draft_scheme([(0, "percent", 10)])
        self.assertEqual(self.badges(), ([], {}))

    def test_offer_that_is_used_up_is_none(self):
        self.create_scheme([(0, "percent", 10)], product_ids=self.tea, budget_amount=10)
        self.assertEqual(list(self.badges()[1]), [self.tea.id])
        self.create_order(self.beta, {self.tea: 10}).action_confirm()
        self.assertEqual(self.badges(), ([], {}))
