import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.dms_orders.engine.columns import signature
from odoo.addons.dms_orders.engine.errors import IntakeError
from odoo.addons.dms_orders.engine.sheet import read_first_rows
from odoo.addons.dms_orders.engine.upload import Limits, clean_filename

from . import statement_rows
from .statement_columns import get_words

#: what the intake writes, and nobody else
INTAKE_FIELDS = {"filename", "attachment_id", "checksum", "needs_columns", "source"}


class DmsStockStatement(models.Model):
    """Statements that arrive as a file or as pasted lines: read once, kept with their file, row by row taken in or put aside.

    Where things are: the doors here, products, units and lots in `_match`, rows put aside in `dms.stock.statement.row`, what
    columns mean in `dms.stock.mapping`, the portal in `_portal`.
    """

    _inherit = "dms.stock.statement"

    filename = fields.Char("File Name", readonly=True, copy=False, groups="base.group_user")
    attachment_id = fields.Many2one("ir.attachment", "File", readonly=True, copy=False, groups="base.group_user")
    checksum = fields.Char(
        readonly=True, copy=False, groups="base.group_user", help="Of the file: the same one of the same distributor and kind is refused."
    )
    needs_columns = fields.Boolean(
        "Columns Not Known",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Somebody has to say what the columns of the file mean.",
    )
    row_ids = fields.One2many(
        "dms.stock.statement.row", "statement_id", "Rows Put Aside", copy=False, groups="base.group_user", readonly=False
    )
    open_row_count = fields.Integer("Rows to Settle", compute="_compute_open_row_count", groups="base.group_user")

    _file_uniq = models.UniqueIndex(
        "(company_id, distributor_id, kind, checksum) WHERE checksum IS NOT NULL AND state != 'cancelled'",
        "This list was reported already.",
    )

    @api.depends("row_ids.state")
    def _compute_open_row_count(self):
        groups = self.env["dms.stock.statement.row"]._read_group(
            [("statement_id", "in", self.ids), ("state", "=", "open")], ["statement_id"], ["__count"]
        )
        counts = {statement.id: count for statement, count in groups}
        for statement in self:
            statement.open_row_count = counts.get(statement.id, 0)

    def _refuse_foreign_values(self, vals):
        """What came in by a file stays as the intake left it."""
        result = super()._refuse_foreign_values(vals)
        if not self.env.su and any(vals.get(name) for name in INTAKE_FIELDS if (name, vals.get(name)) != ("source", "form")):
            raise UserError(self.env._("What a statement was read from follows from its file."))
        return result

    def _check_postable(self):
        statement = self.sudo()  # whether anything of this statement is still to be settled
        if statement.needs_columns and self.state == "draft":
            raise UserError(self.env._("Say first what the columns of %(file)s mean.", file=statement.filename))
        if statement.open_row_count:
            raise UserError(
                self.env._(
                    "%(count)s rows of %(name)s are put aside: take them in or leave them out first.",
                    count=statement.open_row_count,
                    name=self.name,
                )
            )
        return super()._check_postable()

    # ------------------------------------------------------------ doors

    @api.model
    def _take_in(self, distributor, data, filename, kind, date=None, reference=False, source="file", **values):
        """Make a draft statement of a file; what cannot be read for certain is put aside row by row.

        :param distributor: ``res.partner``
        :param bytes data: content of an XLSX or CSV file
        :param date: the day it is about; default today
        :param values: further values of the statement, as ``is_full_count``
        :return: the draft; with ``needs_columns`` when somebody has to say first what its columns mean
        :raise UserError: nothing is kept: the file cannot be read, was reported already, or is of a day that cannot be
        """
        statement = self._make_statement(distributor, source, kind, date, reference, **values)
        name = clean_filename(filename)
        statement._claim_input(statement_rows.checksum_of(data), name)
        statement.attachment_id = statement._keep_file(name, data)
        statement._read_file(data)
        return statement.with_env(self.env)

    @api.model
    def _take_in_lines(self, distributor, text, kind, date=None, reference=False, **values):
        """Make a draft statement of pasted lines ``code quantity [unit]``, or of a table with its header; see :meth:`_take_in`."""
        statement = self._make_statement(distributor, "paste", kind, date, reference, **values)
        report = statement._read(lambda: statement_rows.read_text(text, statement._get_words(), statement.date, statement._get_limits()))
        statement._claim_input(report.checksum, "lines.txt")
        statement.attachment_id = statement._keep_file("lines.txt", text.encode("utf-8", "replace"))
        statement._fill(report)
        return statement.with_env(self.env)

    @api.model
    def _make_statement(self, distributor, source, kind, date=None, reference=False, **values):
        """An empty draft with full rights, after the user was found to be somebody who may make it."""
        self.check_access("create")
        self._refuse_foreign_values({"kind": kind})
        if not distributor:
            raise UserError(self.env._("Choose the distributor whose statement this is."))
        values = {
            **values,
            "distributor_id": distributor.id,
            "kind": kind,
            "date": date or self.env.company._dms_today(),
            "reference": reference,
            "source": source,
        }
        statement = self.sudo().create(values)  # with where it came from, which nobody writes by hand
        statement.with_env(self.env).check_access("write")  # not of a distributor that the user may not write of
        return statement

    # ------------------------------------------------------------ the same twice

    def _claim_input(self, checksum, filename):
        """Say that this statement stands for its input; of two at once the index decides.

        :raise UserError: another one of the distributor and kind does already
        """
        first = self._find_same_input(self.env, checksum)
        if not first:
            self.write({"filename": filename})
            self.env.flush_all()
            query = SQL("UPDATE dms_stock_statement SET checksum = %s WHERE id = %s", checksum, self.id)
            try:
                with self.env.cr.savepoint(flush=False):
                    self.env.cr.execute(query, log_exceptions=False)  # of two at once one is refused: nothing to report
                self.invalidate_recordset(["checksum"], flush=False)
            except psycopg2.errors.UniqueViolation:
                with self.env.registry.cursor() as fresh:  # which sees what the other one has committed meanwhile
                    first = self._find_same_input(self.env(cr=fresh), checksum) or "?"
        if first:
            raise UserError(
                self.env._("This list was reported already, with %(first)s. Cancel that one first, or send another list.", first=first)
            )

    def _find_same_input(self, env, checksum):
        """Number and day of the statement that stands for this input, or ``""``."""
        same = [("company_id", "=", self.company_id.id), ("distributor_id", "=", self.distributor_id.id), ("kind", "=", self.kind)]
        live = [("checksum", "=", checksum), ("state", "!=", "cancelled"), ("id", "!=", self.id)]
        first = env[self._name].search_fetch([*same, *live], ["name", "date"], limit=1)
        return self.env._("%(name)s of %(day)s", name=first.name, day=first.date) if first else ""

    # ------------------------------------------------------------ reading

    def _get_limits(self):
        return Limits(max_rows=self.company_id.statement_max_rows)

    def _get_words(self):
        remembered = self.env["dms.stock.mapping"]._get_remembered(self.company_id, self.distributor_id, self.kind)
        return get_words(self.kind, remembered)

    def _read(self, read):
        try:
            return read()
        except IntakeError as error:
            raise UserError(self._get_sentence(error)) from error

    def _read_file(self, data):
        """Take in the rows of the file, or wait for somebody who knows its columns."""
        try:
            report = self._read(lambda: statement_rows.read_file(data, self.filename, self._get_words(), self.date, self._get_limits()))
        except statement_rows.ColumnsUnknown:
            self.needs_columns = True
        else:
            self.needs_columns = False
            self._fill(report)

    def _fill(self, report):
        """Lines of what could be read, rows of what was put aside."""
        found = self.with_company(self.company_id)._match_report(report.items)
        self.env["dms.stock.statement.line"].create([values for understood, values in found if understood])
        self.env["dms.stock.statement.row"].create([values for understood, values in found if not understood])

    # ------------------------------------------------------------ columns

    def _get_first_rows(self):
        """``[(row number, {column: text})]`` of the file, for somebody who says what the columns mean."""
        data = self.sudo().attachment_id.raw  # the statement's own file
        if not data:
            raise UserError(self.env._("The file of %(name)s is gone. Send it again.", name=self.name))
        return self._read(lambda: read_first_rows(data, self.sudo().filename, self._get_limits()))  # and its name

    @api.model
    def _guess_header_row(self, rows):
        """Number of the first row that looks like names of columns: two texts or more, none of them a number; else the first."""
        for number, texts in rows:
            if len(texts) > 1 and not any(text[:1].isdigit() for text in texts.values()):
                return number
        return rows[0][0] if rows else 0

    def _name_columns(self, header_row, columns):
        """Read the file by what a person said of its columns, and remember that for the next one.

        :param int header_row: number of the row with the names of the columns
        :param dict columns: ``{field: column}``, columns counted from 0
        :raise UserError: the row is not one of the first, or the columns make no row
        """
        statement = self.sudo()  # checked by the caller; rows, lines and the mapping come from its file
        if not statement.needs_columns or statement.state != "draft":
            raise UserError(self.env._("The columns of %(name)s are known.", name=self.name))
        texts = dict(statement._get_first_rows()).get(header_row)
        if not texts:
            raise UserError(self.env._("Choose the row with the names of the columns."))
        header = " | ".join(text for _column, text in sorted(texts.items()))
        self.env["dms.stock.mapping"]._remember(statement, header, signature(texts), columns)
        statement._read_file(statement.attachment_id.raw)

    # ------------------------------------------------------------ buttons

    def action_name_columns(self):
        """Ask what the columns of the file mean."""
        self.ensure_one()
        self.check_access("write")
        wizard = self.env["dms.stock.statement.columns"]._create_for(self)
        return wizard._get_dialog()

    def action_match_rows(self):
        """Look again at the rows put aside, after products, codes, units or lots were put right."""
        self.check_access("write")
        for statement in self:
            statement.row_ids._match_again()
        return True

    def action_download(self):
        """Download the file as it came."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"/web/content/{self.attachment_id.id}?download=true", "target": "download"}
