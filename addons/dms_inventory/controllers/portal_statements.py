from odoo.exceptions import UserError
from odoo.http import content_disposition, request, route

from odoo.addons.dms_portal.controllers.frame import PAGE_SIZE, DistributorPortal, page

from ..models.dms_stock_statement_portal import PORTAL_KINDS
from ..models.statement_columns import FIELDS
from ..report.statement_template import write_template

#: largest file and longest text that are read; the intake has the exact bounds and their sentences
MAX_BYTES = 5 * 1024 * 1024
MAX_REFERENCE, MAX_CELL, MAX_COLUMNS = 64, 500, 40
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class DistributorStatements(DistributorPortal):
    """Reports of sell-out and of counts: list, form, text, file, columns, rows put aside, posting."""

    def _dms_statements(self):
        return request.env["dms.stock.statement"].sudo()  # for the distributor and the statement checked by the route

    def _dms_statement(self, statement_id):
        """The statement of the user's own distributor with this id, without more rights than the user's.

        :raise NotFound: for every other id
        """
        return self._dms_own("dms.stock.statement", statement_id, self._dms_statement_domain())

    def _dms_statement_domain(self):
        return [("distributor_id", "=", self._dms_distributor().id), ("company_id", "=", request.env.company.id)]

    # ------------------------------------------------------------ list

    @route(["/my/dms/statements", "/my/dms/statements/page/<int:number>"], type="http", auth="user", website=True, readonly=True)
    @page
    def dms_statements(self, number=1, status=None, kind=None, **kwargs):
        Statement = request.env["dms.stock.statement"]
        states, kinds = Statement._get_portal_states(), Statement._get_portal_kinds()
        status, kind = self._dms_choice(status, states), self._dms_choice(kind, kinds)
        domain = self._dms_statement_domain()
        domain += [("state", "=", status)] if status else []
        domain += [("kind", "=", kind)] if kind else []
        pager = self._dms_pager("/my/dms/statements", Statement.search_count(domain), number, {"status": status, "kind": kind})
        found = Statement.search(domain, limit=PAGE_SIZE, offset=max(pager["offset"], 0))
        values = {
            "rows": [statement._prepare_portal_row() for statement in found.sudo()],  # statements the user may read
            "states": [(state, label) for state, (label, _tone) in states.items()],
            "kinds": [(name, kinds[name]) for name in PORTAL_KINDS],
            "status": status,
            "kind": kind,
            "pager": pager,
        }
        return self._dms_render("dms_inventory.portal_statements", "statements", values)

    # ------------------------------------------------------------ a new one

    @route("/my/dms/statements/new", type="http", auth="user", website=True, methods=["GET"], readonly=True)
    @page
    def dms_statement_form(self, kind=None, **kwargs):
        return self._dms_render_statement_form(self._dms_terms({"kind": kind}))

    @route("/my/dms/statements/new", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_statement_send(self, token="", **post):
        """What was typed into the sheet, as a draft or, as most often, posted at once."""
        typed = {key: self._dms_text(value, MAX_CELL) for key, value in post.items() if key[:2] in ("q-", "u-")}
        terms = self._dms_terms(post)
        Statement = request.env["dms.stock.statement"]

        def send():
            statement = Statement._take_in_portal_form(typed, terms)
            if not post.get("keep"):
                statement._portal_post()
            return statement

        return self._dms_make_statement(terms, token, send, typed)

    @route("/my/dms/statements/paste", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_statement_paste(self, token="", text="", **post):
        terms, text = self._dms_terms(post), self._dms_text(text, MAX_BYTES)
        Statement = request.env["dms.stock.statement"]
        return self._dms_make_statement(terms, token, lambda: Statement._take_in_portal_lines(text, terms), {"text": text[:MAX_CELL]})

    @route("/my/dms/statements/file", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_statement_file(self, token="", file=None, **post):
        terms = self._dms_terms(post)
        filename = getattr(file, "filename", "") or ""
        data = file.read(MAX_BYTES + 1) if filename else b""
        Statement = request.env["dms.stock.statement"]
        return self._dms_make_statement(terms, token, lambda: Statement._take_in_portal(data, filename, terms))

    def _dms_terms(self, post):
        """What the head of each form says, as bounded texts."""
        return {
            "kind": self._dms_choice(post.get("kind"), PORTAL_KINDS, "sellout"),
            "date": self._dms_text(post.get("date"), 10) or str(request.env.company.sudo()._dms_today()),  # the day it is there
            "reference": self._dms_text(post.get("reference"), MAX_REFERENCE),
            "is_full_count": bool(post.get("is_full_count")),
        }

    def _dms_make_statement(self, terms, token, make, typed=None):
        """Make a statement once for each form sent, and show it, or the form again with what is wrong."""
        distributor = self._dms_distributor()
        sent, sentence = self._dms_try(
            lambda: request.env["dms.portal.token"]._once(distributor, "statement", token, make), "dms.stock.statement"
        )
        if sentence:
            return self._dms_render_statement_form(terms, typed, sentence)
        return request.redirect(f"/my/dms/statements/{sent[0].id}", code=303)

    def _dms_render_statement_form(self, terms, typed=None, sentence=""):
        Statement, distributor = self._dms_statements(), self._dms_distributor()
        values = {
            "sheet": Statement._get_portal_sheet(distributor, terms["kind"]),
            "terms": terms,
            "kinds": [(name, Statement._get_portal_kinds()[name]) for name in PORTAL_KINDS],
            "today": str(request.env.company.sudo()._dms_today()),  # the day it is there
            "typed": typed or {},
            "sentence": sentence,
            "max_reference": MAX_REFERENCE,
        }
        return self._dms_render("dms_inventory.portal_statement_form", "statements", values)

    @route("/my/dms/statements/template", type="http", auth="user", website=True, readonly=True)
    @page
    def dms_statement_template(self, kind=None, **kwargs):
        """A workbook with the distributor's own products, to be filled in and sent back."""
        kind = self._dms_choice(kind, PORTAL_KINDS, "sellout")
        Statement = self._dms_statements()
        sheet = Statement._get_portal_sheet(self._dms_distributor(), kind)
        content = write_template(request.env, Statement._get_portal_kinds()[kind], kind, sheet)
        headers = [
            ("Content-Type", XLSX),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(f"{kind}.xlsx")),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(content, headers=headers)

    # ------------------------------------------------------------ one statement

    @route("/my/dms/statements/<int:statement_id>", type="http", auth="user", website=True, methods=["GET"], readonly=True)
    @page
    def dms_statement(self, statement_id, **kwargs):
        statement = self._dms_statement(statement_id).sudo()  # the user's own distributor's; plain values leave
        values = statement._prepare_portal_values()
        names = []
        if any(row["about"] == "product" for row in values["rows"]):
            names = statement._get_portal_names()
        return self._dms_render("dms_inventory.portal_statement", "statements", {"statement": values, "names": names})

    @route("/my/dms/statements/<int:statement_id>/post", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_statement_post(self, statement_id, **post):
        return self._dms_act(statement_id, lambda statement: statement._portal_post())

    @route("/my/dms/statements/<int:statement_id>/cancel", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_statement_cancel(self, statement_id, **post):
        return self._dms_act(statement_id, lambda statement: statement._portal_cancel())

    @route("/my/dms/statements/<int:statement_id>/rows/leave-out", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_statement_leave_out(self, statement_id, **post):
        return self._dms_act(statement_id, lambda statement: statement._portal_leave_out_rows())

    @route("/my/dms/statements/<int:statement_id>/rows/<int:row_id>", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_statement_row(self, statement_id, row_id, **post):
        """Settle one row put aside: by what was typed for it, or by leaving it out."""
        said = None
        if not post.get("leave_out"):
            texts = {name: self._dms_text(post[name], MAX_CELL) for name in ("product", "quantity", "unit", "lot") if name in post}
            if product := texts.pop("product", ""):
                texts |= {"code": product, "name": product, "barcode": ""}
            said = texts
        return self._dms_act(statement_id, lambda statement: statement._portal_settle(row_id, said), "#rows")

    def _dms_act(self, statement_id, action, anchor=""):
        statement = self._dms_statement(statement_id)
        return self._dms_do(lambda: action(statement), f"/my/dms/statements/{statement_id}{anchor}")

    # ------------------------------------------------------------ columns

    @route("/my/dms/statements/<int:statement_id>/columns", type="http", auth="user", website=True, methods=["GET"], readonly=True)
    @page
    def dms_statement_columns(self, statement_id, header=None, **kwargs):
        statement = self._dms_statement(statement_id)
        if not statement.sudo().needs_columns:  # of the same statement
            return request.redirect(f"/my/dms/statements/{statement_id}")
        return self._dms_render_columns(statement, self._dms_int(header))

    @route("/my/dms/statements/<int:statement_id>/columns", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_statement_name_columns(self, statement_id, header=None, **post):
        statement = self._dms_statement(statement_id)
        header_row = self._dms_int(header)
        chosen = {column: self._dms_choice(post.get(f"c-{column}"), FIELDS) for column in range(MAX_COLUMNS)}
        named = [(name, column) for column, name in chosen.items() if name]

        def name_columns():
            if len(dict(named)) < len(named):
                raise UserError(request.env._("Two columns cannot mean the same."))
            statement._portal_name_columns(header_row, dict(named))

        _done, sentence = self._dms_try(name_columns, "dms.stock.statement")
        if sentence and statement.sudo().needs_columns:  # of the same statement
            return self._dms_render_columns(statement, header_row, chosen, sentence)
        if sentence:
            self._dms_flash(sentence, "danger")
        return request.redirect(f"/my/dms/statements/{statement_id}", code=303)

    def _dms_render_columns(self, statement, header_row, chosen=None, sentence=""):
        statement = statement.sudo()  # a statement the user may read, checked by the route; plain values leave
        rows = statement._get_first_rows()
        numbers = [number for number, _texts in rows]
        header_row = header_row if header_row in numbers else statement._guess_header_row(rows)
        below = [texts for number, texts in rows if number >= header_row][:6]
        columns = sorted({column for texts in below for column in texts})
        values = {
            "statement": {"id": statement.id, "name": statement.name, "filename": statement.filename},
            "header_row": header_row,
            "numbers": numbers,
            "columns": [{"column": column, "texts": [texts.get(column, "")[:60] for texts in below]} for column in columns],
            "fields": request.env["dms.stock.mapping"]._get_field_labels(),
            "chosen": chosen or {},
            "sentence": sentence,
        }
        return self._dms_render("dms_inventory.portal_statement_columns", "statements", values)
