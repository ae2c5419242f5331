from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import DmsSchemesCommon


@tagged("post_install", "-at_install")
class TestSchemeExample(DmsSchemesCommon):
    """Given these goods, expect this."""

    def add_example(self, scheme, lines, amount=0.0, **values):
        """An example the author writes, of ``{product: quantity}`` or ``{product: (quantity, price)}``."""
        commands = []
        for product, given in lines.items():
            quantity, price = given if isinstance(given, tuple) else (given, 0.0)
            commands.append(Command.create({"product_id": product.id, "quantity": quantity, "price_unit": price}))
        values = {"scheme_id": scheme.id, "name": "Example", "expected_amount": amount, "line_ids": commands, **values}
        return self.env["dms.scheme.example"].with_user(self.author).create(values)

    def run_examples(self, scheme):
        scheme.with_user(self.author).action_run_examples()
        return scheme.example_ids.mapped("result")

    def test_examples_say_whether_the_scheme_gives_what_was_meant(self):
        scheme = self.draft_scheme([(10, "percent", 10)], product_ids=self.tea)
        self.add_example(scheme, {self.tea: 10, self.coffee: 5}, 10.0, name="Ten teas")
        self.add_example(scheme, {self.tea: 9}, 0.0, name="Nine teas")
        wrong = self.add_example(scheme, {self.tea: 20}, 25.0, name="Twenty teas")
        self.assertEqual(self.run_examples(scheme), ["passed", "passed", "failed"])
        self.assertIn("20.00", wrong.got)

    def test_failing_example_refuses_approval_with_expected_and_got(self):
        scheme = self.draft_scheme([(10, "percent", 10)])
        example = self.add_example(scheme, {self.tea: 20}, 25.0, name="Twenty teas")
        with self.assertRaises(UserError) as refusal:
            scheme.with_user(self.approver).action_approve()
        for word in ("Examples:", "Twenty teas", "25.00", "20.00"):
            self.assertIn(word, str(refusal.exception))
        self.assertEqual(scheme.state, "draft")
        example.with_user(self.author).expected_amount = 20.0
        scheme.with_user(self.approver).action_approve()
        self.assertEqual((scheme.state, example.result), ("approved", "passed"))

    def test_free_goods_are_expected_by_product_and_quantity(self):
        scheme = self.draft_scheme([self.free_slab(10, 1, every=10, product=self.coffee)])
        right = {"expected_free_product_id": self.coffee.id, "expected_free_qty": 2}
        self.add_example(scheme, {self.tea: 25}, **right)
        self.add_example(scheme, {self.tea: 25}, expected_free_product_id=self.coffee.id, expected_free_qty=3)
        self.add_example(scheme, {self.tea: 25}, expected_free_product_id=self.syrup.id, expected_free_qty=2)
        self.add_example(scheme, {self.tea: 25})
        self.add_example(scheme, {self.tea: 5})
        self.assertEqual(self.run_examples(scheme), ["passed", "failed", "failed", "failed", "passed"])
        self.assertIn("2 × ", scheme.example_ids[1].got)

    def test_price_of_the_example_is_taken_for_the_lists(self):
        scheme = self.draft_scheme([(0, "percent", 10)])
        self.add_example(scheme, {self.tea: (10, 33.0)}, 33.0)
        self.assertEqual(self.run_examples(scheme), ["passed"])

    def test_distributor_of_the_example_must_meet_the_conditions(self):
        scheme = self.draft_scheme([(0, "percent", 10)], territory_ids=self.region)
        self.add_example(scheme, {self.tea: 10}, 10.0, distributor_id=self.alpha.id)
        self.add_example(scheme, {self.tea: 10}, 0.0, distributor_id=self.beta.id)
        self.add_example(scheme, {self.tea: 10}, 10.0)
        self.assertEqual(self.run_examples(scheme), ["passed", "passed", "passed"])

    def test_example_may_run_beside_running_schemes(self):
        self.create_scheme([(0, "percent", 50)], sequence=1)
        scheme = self.draft_scheme([(0, "percent", 10)])
        self.add_example(scheme, {self.tea: 10}, 5.0, with_running=True)
        self.add_example(scheme, {self.tea: 10}, 10.0)
        self.assertEqual(self.run_examples(scheme), ["passed", "passed"])

    def test_budget_that_others_used_does_not_change_an_example(self):
        first = self.create_scheme([(0, "percent", 10)], budget_amount=10.0)
        self.create_order(lines={self.tea: 10}).action_confirm()
        second = self.env["dms.scheme"].browse(first.with_user(self.author).action_new_version()["res_id"])
        self.add_example(second, {self.tea: 10}, 10.0)
        self.add_example(second, {self.tea: 20}, 10.0, name="The budget itself counts")
        self.assertEqual(self.run_examples(second), ["passed", "passed"])

    def test_running_examples_leaves_no_trace(self):
        scheme = self.draft_scheme([self.free_slab(10, 1)])
        self.add_example(scheme, {self.tea: 10})
        counts = {name: self.env[name].search_count([]) for name in ("sale.order", "sale.order.line", "dms.scheme.application")}
        self.run_examples(scheme)
        self.env.flush_all()
        self.assertEqual({name: self.env[name].search_count([]) for name in counts}, counts)

    def test_change_of_the_terms_forgets_what_examples_came_out_at(self):
        scheme = self.draft_scheme([(0, "percent", 10)])
        example = self.add_example(scheme, {self.tea: 10}, 10.0)
        self.run_examples(scheme)
        scheme.slab_ids.with_user(self.author).value = 20
        self.assertEqual((example.result, example.got), ("new", False))
        self.assertEqual(self.run_examples(scheme), ["failed"])

    def test_next_version_takes_its_examples_along(self):
        scheme = self.draft_scheme([(0, "percent", 10)])
        self.add_example(scheme, {self.tea: 10, self.coffee: 2}, 15.0)
        scheme.with_user(self.approver).action_approve()
        version = self.env["dms.scheme"].browse(scheme.with_user(self.author).action_new_version()["res_id"])
        self.assertEqual((version.example_ids.result, version.example_ids.expected_amount), ("new", 15.0))
        self.assertEqual(version.example_ids.line_ids.product_id, self.tea | self.coffee)
        version.slab_ids.with_user(self.author).value = 20
        with self.assertRaisesRegex(UserError, "Examples:"):
            version.with_user(self.approver).action_approve()

    def test_examples_of_an_approved_scheme_stay(self):
        scheme = self.draft_scheme([(0, "percent", 10)])
        example = self.add_example(scheme, {self.tea: 10}, 10.0)
        scheme.with_user(self.approver).action_approve()
        author = example.with_user(self.author)
        line = author.line_ids
        for change in (
            lambda: author.write({"expected_amount": 1.0}),
            lambda: author.unlink(),
            lambda: line.write({"quantity": 1.0}),
            lambda: line.unlink(),
            lambda: line.create({"example_id": example.id, "product_id": self.tea.id}),
            lambda: self.add_example(scheme, {self.tea: 1}),
            lambda: scheme.with_user(self.author).write({"example_ids": [Command.delete(example.id)]}),
        ):
            with self.assertRaises(UserError):
                change()

    def test_who_wrote_an_example_is_an_author(self):
        for record in ("example", "line"):
            scheme = self.draft_scheme([(0, "percent", 10)])
            example = self.add_example(scheme, {self.tea: 10}, 10.0)
            target = example if record == "example" else example.line_ids
            target.with_user(self.approver).write({"sequence": 20})
            self.assertIn(self.approver, scheme.author_ids)
            with self.assertRaisesRegex(UserError, "your own"):
                scheme.with_user(self.approver).action_approve()

    def test_result_is_not_entered(self):
        scheme = self.draft_scheme([(0, "percent", 10)])
        examples = self.env["dms.scheme.example"].with_user(self.author).with_context(default_result="passed")
        example = examples.create({"scheme_id": scheme.id, "name": "Forged", "result": "passed", "got": "a lot"})
        example.write({"result": "passed"})
        self.assertEqual((example.result, example.got), ("new", False))

    def test_period_scheme_refuses_examples_of_orders(self):
        scheme = self.draft_scheme([(0, "percent", 10)], scope="period", timing="off_invoice")
        self.add_example(scheme, {self.tea: 10}, 10.0)
        with self.assertRaisesRegex(UserError, "over a period"):
            self.run_examples(scheme)

    def test_examples_are_for_scheme_managers(self):
        scheme = self.draft_scheme([(0, "percent", 10)])
        example = self.add_example(scheme, {self.tea: 10}, 10.0)
        for user in (self.desk, self.manager, self.area_manager, self.salesperson, self.employee, self.alpha_user):
            with self.subTest(user.login):
                for call in (
                    lambda user=user: example.with_user(user).read(["name"]),
                    lambda user=user: example.line_ids.with_user(user).read(["quantity"]),
                    lambda user=user: scheme.with_user(user).action_run_examples(),
                    lambda user=user: scheme.with_user(user).read(["example_ids"]),
                ):
                    with self.assertRaises(AccessError):
                        call()

    def test_impossible_numbers_are_refused_in_words(self):
        scheme = self.draft_scheme([(0, "percent", 10)])
        example = self.add_example(scheme, {self.tea: 10}, 10.0)
        for number in (float("nan"), float("inf"), 1e40):
            for record, name in (
                (example, "expected_amount"),
                (example, "expected_free_qty"),
                (example.line_ids, "quantity"),
                (example.line_ids, "price_unit"),
            ):
                with self.assertRaises(UserError):
                    record.write({name: number})
