from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import Book
from ..engine.replay import repeal

#: found by running an example
RESULT_FIELDS = {"result", "got"}
RESULTS = [("new", "Not run"), ("passed", "As expected"), ("failed", "Not as expected")]


class DmsSchemeExample(models.Model):
    """A worked example: given these goods, expect this. A draft whose examples come out otherwise is not approved."""

    _name = "dms.scheme.example"
    _description = "Worked Example of a Scheme"
    _inherit = ["dms.finite.numbers"]
    _order = "scheme_id, sequence, id"
    _check_company_auto = True

    scheme_id = fields.Many2one("dms.scheme", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="scheme_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)
    name = fields.Char("Example", required=True)
    distributor_id = fields.Many2one(
        "res.partner", domain=[("is_distributor", "=", True)], ondelete="restrict",
        help="Who buys; empty for anybody the scheme is for, at list prices.",
    )  # fmt: skip
    with_running = fields.Boolean("Beside Running Schemes", help="Run with the schemes approved for that day, else the scheme alone.")
    line_ids = fields.One2many("dms.scheme.example.line", "example_id", "Goods", copy=True)
    goods = fields.Char("Goods in Words", compute="_compute_goods")
    expected_amount = fields.Monetary("Expected Off", help="Taken off the goods, untaxed, company currency; free goods are apart.")
    expected_free_product_id = fields.Many2one("product.product", ondelete="restrict")
    expected_free_qty = fields.Float("Expected Free Quantity", digits="Product Unit", help="In the free product's own unit.")
    result = fields.Selection(RESULTS, default="new", required=True, readonly=True, copy=False)
    got = fields.Char(readonly=True, copy=False, help="What the example came out at when it was last run.")

    @api.depends("line_ids.product_id", "line_ids.quantity")
    def _compute_goods(self):
        for example in self:
            example.goods = ", ".join(f"{line.quantity:g} × {line.product_id.display_name}" for line in example.line_ids)

    # ------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [{name: value for name, value in vals.items() if name not in RESULT_FIELDS} for vals in vals_list]
        context = {key: value for key, value in self.env.context.items() if key.removeprefix("default_") not in RESULT_FIELDS}
        examples = super(DmsSchemeExample, self.with_env(self.env(context=context))).create(vals_list).with_env(self.env)
        examples.scheme_id._check_terms_open()
        return examples

    def write(self, vals):
        self.scheme_id._check_terms_open()
        if not self.env.su:
            vals = {name: value for name, value in vals.items() if name not in RESULT_FIELDS}
        result = super().write(vals)
        self.scheme_id._check_terms_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self.scheme_id._check_terms_open()

    # ------------------------------------------------------------ run

    def _run(self):
        """Evaluate these examples and keep what came out; whether all are as expected."""
        for example in self:
            amount, free = example._evaluate()
            passed = example._is_as_expected(amount, free)
            example._keep_result({"result": "passed" if passed else "failed", "got": example._in_words(amount, free)})
        return all(example.result == "passed" for example in self)

    def _keep_result(self, values):
        models.Model.write(self.sudo(), values)  # what came out is no change of the terms

    def _evaluate(self):
        """What the scheme gives: (amount off in company currency, ``{free product id: quantity}``)."""
        order = self._virtual_order()
        _lines, result, _used = order._dms_evaluate_book(self._book(), free_of_caps=True)
        currency, company_currency = order.currency_id, self.currency_id
        amount, free = 0.0, {}
        for grant in result.grants:
            if grant.scheme.id != self.scheme_id.id:
                continue
            if grant.free_product:
                free[grant.free_product] = free.get(grant.free_product, 0.0) + grant.free_qty
            else:
                amount += company_currency.round(grant.benefit * currency.rounding / (order.currency_rate or 1.0))
        return amount, free

    def _book(self):
        """The scheme, whatever its dates, alone or with those that run beside it. Without a distributor it is for everybody."""
        scheme = replace(self.scheme_id.sudo()._compile(), date_from=None, date_to=None)  # its terms, for the engine
        if not self.distributor_id:
            nobody = frozenset()
            scheme = replace(scheme, distributors=nobody, classes=nobody, territories=nobody, tags=nobody)
        editions = self.env["dms.scheme.edition"]
        edition = self.with_running and editions._get_current_id(self.company_id.id)
        others = repeal(editions._get_book(edition), scheme.code) if edition else []
        return Book([*others, scheme])

    def _virtual_order(self):
        """The goods as an order that is not stored, of today or the scheme's first day."""
        company = self.company_id
        today = company._dms_today()
        day = max(self.scheme_id.date_from or today, today)
        noon = fields.Datetime.to_datetime(day).replace(hour=12)
        values = {
            "company_id": company.id,
            "partner_id": (self.distributor_id or company.partner_id).id,
            "date_order": company._dms_utc(noon),
        }
        if not self.distributor_id:
            values["pricelist_id"] = False
        order = self.env["sale.order"].sudo().with_company(company).new(values)  # nothing is stored; prices as for the distributor
        for line in self.line_ids:
            order.order_line += order.order_line.new(line._prepare_virtual_line(order))
        return order

    # ------------------------------------------------------------ expected and got

    def _is_as_expected(self, amount, free):
        expected = self._expected_free()
        same = not self.currency_id.compare_amounts(amount, self.expected_amount) and free.keys() == expected.keys()
        return same and all(abs(free[product] - expected[product]) < 1e-6 for product in free)

    def _expected_free(self):
        return (
            {self.expected_free_product_id.id: self.expected_free_qty} if self.expected_free_product_id and self.expected_free_qty else {}
        )

    def _in_words(self, amount, free):
        """An amount off and free goods as a person reads them."""
        products = self.env["product.product"].sudo()  # names, to who sees the scheme
        words = [self.env._("%(amount)s off", amount=self.currency_id.format(amount))] if amount or not free else []
        words += [
            self.env._("%(quantity)s × %(product)s free", quantity=f"{quantity:g}", product=products.browse(product).display_name)
            for product, quantity in sorted(free.items())
        ]
        return ", ".join(words)

    def _explain_failure(self):
        expected = self._in_words(self.expected_amount, self._expected_free())
        return self.env._("“%(example)s” was to give %(expected)s, and gives %(got)s.", example=self.name, expected=expected, got=self.got)


class DmsSchemeExampleLine(models.Model):
    _name = "dms.scheme.example.line"
    _description = "Goods of a Worked Example"
    _inherit = ["dms.finite.numbers"]
    _order = "example_id, sequence, id"

    example_id = fields.Many2one("dms.scheme.example", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="example_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one("product.product", required=True, ondelete="restrict", domain=[("sale_ok", "=", True)])
    quantity = fields.Float(required=True, default=1.0, digits="Product Unit", help="In the product's own unit.")
    price_unit = fields.Float(
        "Price", digits="Product Price", help="Of one unit, as on an order, in its currency; empty for the price of the list."
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.example_id.scheme_id._check_terms_open()
        return lines

    def write(self, vals):
        self.example_id.scheme_id._check_terms_open()
        result = super().write(vals)
        self.example_id.scheme_id._check_terms_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self.example_id.scheme_id._check_terms_open()

    def _prepare_virtual_line(self, order):
        product = self.product_id
        values = {"order_id": order.id, "product_id": product.id, "product_uom_id": product.uom_id.id, "product_uom_qty": self.quantity}
        if self.price_unit:  # taken for the list's, as an example is about schemes
            values |= {"price_unit": self.price_unit, "technical_price_unit": self.price_unit, "discount": 0.0}
        return values


class DmsScheme(models.Model):
    _inherit = "dms.scheme"

    example_ids = fields.One2many("dms.scheme.example", "scheme_id", "Examples", copy=True, groups="dms_schemes.group_scheme_manager")

    def action_run_examples(self):
        """Run the worked examples of these schemes and show what came out.

        :raise AccessError: for who is no scheme manager
        """
        self._check_manager()
        for scheme in self:
            scheme._check_runs_on_orders()
            scheme.sudo().example_ids.with_env(self.env)._run()  # examples of a scheme the user drafts
        return True

    def _check_runs_on_orders(self):
        if not self.slab_ids:
            raise UserError(self.env._("%(scheme)s has no slab: add one before you try it.", scheme=self.display_name))
        if self.scope == "period" and self.sudo().example_ids:  # whether there are any
            raise UserError(
                self.env._("Examples are orders, and %(scheme)s is settled over a period: delete them.", scheme=self.display_name)
            )

    def _note_author(self):
        """What examples came out at holds for the terms they were run with."""
        super()._note_author()
        drafts = self.sudo().filtered(lambda scheme: scheme.state == "draft")  # results, not terms
        drafts.example_ids.filtered(lambda example: example.result != "new")._keep_result({"result": "new", "got": False})

    def _get_refusals(self):
        """Examples are run where everything else is well."""
        found = super()._get_refusals()
        if not found:
            examples = self.sudo().example_ids.with_env(self.env)  # examples of what is approved
            if examples and self.scope == "period":
                self._check_runs_on_orders()
            examples._run()
            failed = examples.filtered(lambda example: example.result == "failed")
            found = [self._refusal("example_ids", "example", example._explain_failure()) for example in failed]
        return found
