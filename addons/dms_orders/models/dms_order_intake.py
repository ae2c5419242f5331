from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..engine import document as documents
from ..engine.errors import IntakeError
from ..engine.upload import Limits, clean_filename
from .sale_order import ORDER_CHANNELS

INTAKE_CHANNELS = ("upload", "edi", "portal", "api")
#: what people may write; all else is the intake's own
OPEN_FIELDS = {"distributor_id", "client_order_ref"}


class DmsOrderIntake(models.Model):
    """An order as it arrived: the file, what each row says, what is wrong, and the order it became.

    Only the intake writes its life cycle; people choose the distributor and the reference. Where things are: the doors
    and the life cycle here, the buyer in `_buyer`, rows in `_match` (products and units in `dms.item.match`), the order in
    `_order`, the sentences in `_message`.
    """

    _name = "dms.order.intake"
    _description = "Order Intake"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="New", index="trigram")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, default=lambda self: self.env.company)
    distributor_id = fields.Many2one("res.partner", index=True, tracking=True, ondelete="restrict", domain=[("is_distributor", "=", True)])
    source = fields.Selection(
        [("sheet", "Spreadsheet"), ("paste", "Pasted Lines"), ("ubl", "Electronic Order (UBL)")], "Kind", required=True, readonly=True
    )
    order_channel = fields.Selection(
        [channel for channel in ORDER_CHANNELS if channel[0] in INTAKE_CHANNELS], "Channel", required=True, readonly=True
    )
    is_shared = fields.Boolean(
        "Visible to the Distributor", readonly=True, help="Sent by the distributor itself, which can read it in its portal."
    )
    state = fields.Selection(
        [("review", "To Review"), ("done", "Done"), ("cancelled", "Cancelled")],
        "Status",
        required=True,
        readonly=True,
        default="review",
        tracking=True,
        index=True,
    )
    filename = fields.Char("File Name", readonly=True)
    attachment_id = fields.Many2one("ir.attachment", "File", readonly=True, copy=False)
    checksum = fields.Char(readonly=True, copy=False)
    is_current = fields.Boolean(
        "Stands for Its File", readonly=True, copy=False, help="As long as this holds, the same file of the same distributor is refused."
    )
    client_order_ref = fields.Char("Distributor's Reference", help="Number that the distributor gave the order.")
    buyer_text = fields.Char("Buyer in the File", readonly=True)
    message = fields.Text("What Is Wrong", readonly=True)
    note = fields.Text("Remarks", readonly=True)
    line_ids = fields.One2many("dms.order.intake.line", "intake_id", "Rows", readonly=True, copy=False)
    bad_line_ids = fields.One2many(
        "dms.order.intake.line", "intake_id", "Rows That Are Not Ordered", domain=[("error", "!=", False)], readonly=True, copy=False
    )
    order_id = fields.Many2one("sale.order", readonly=True, copy=False, index="btree_not_null", ondelete="set null")
    row_count = fields.Integer("Rows Read", readonly=True, aggregator="sum")
    error_count = fields.Integer("Bad Rows", readonly=True, aggregator="sum")

    _one_current_per_file = models.UniqueIndex(
        "(company_id, COALESCE(distributor_id, 0), checksum) WHERE is_current IS TRUE",
        "This file has been taken in already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "New") == "New":
                vals["name"] = self.env["ir.sequence"].sudo().next_by_code("dms.order.intake") or "New"  # the number only
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and self._own_fields() & vals.keys() - OPEN_FIELDS:
            raise AccessError(self.env._("An intake follows its file. Choose the distributor or its reference, and check again."))
        if not self.env.su and OPEN_FIELDS & vals.keys() and any(intake.state != "review" for intake in self):
            raise UserError(self.env._("Only an intake that is to be reviewed can be changed."))
        return super().write(vals)

    @api.model
    def _own_fields(self):
        """Names of the fields this model adds to those of a mail thread."""
        return self._fields.keys() - self.env["mail.thread"]._fields.keys()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(intake.state == "done" for intake in self):
            raise UserError(self.env._("An intake that became an order is kept. Cancel the order instead."))

    # ------------------------------------------------------------ doors

    @api.model
    def _intake(self, distributor, data, filename, channel="upload", client_order_ref=False, leave_out_bad_rows=False):
        """Take in an order file and, when every row is right, make its priced draft order.

        :param distributor: `res.partner`; may be empty for a UBL file, whose buyer is then looked up
        :param bytes data: content of the file
        :param channel: `upload`, `portal` or `api`; a UBL file is always `edi`
        :param leave_out_bad_rows: make the order of the good rows alone
        :return: the intake; in `review` with a reason on every bad row when no order was made. The same file again
            gives the same intake as long as that is in review.
        :raise UserError: nothing is kept: the file cannot be read, is of another distributor, or was taken in already
        """
        document = self._read_document(data, filename)
        values = {"filename": clean_filename(filename), "order_channel": channel, "client_order_ref": client_order_ref}
        return self._take_in(document, distributor, data, values, leave_out_bad_rows)

    @api.model
    def _intake_lines(self, distributor, text, channel="upload", client_order_ref=False, leave_out_bad_rows=False):
        """Take in pasted lines `code quantity [unit]`; all else as :meth:`_intake`."""
        company = self.env.company
        try:
            document = documents.read_pasted(text, company._dms_today(), self._get_limits())
        except IntakeError as error:
            raise UserError(self._get_sentence(error)) from error
        values = {"filename": "lines.txt", "order_channel": channel, "client_order_ref": client_order_ref}
        return self._take_in(document, distributor, text.encode("utf-8", "replace"), values, leave_out_bad_rows)

    @api.model
    def _intake_portal(self, data, filename, client_order_ref=False):
        """:meth:`_intake` for the logged-in user of a distributor, always as that distributor.

        :return: the intake with the user's own rights
        :raise AccessError: for any other user, and for the users of a suspended or closed distributor
        """
        intakes = self.sudo()  # the user's own distributor, checked here; nothing else can be named
        return intakes._intake(self._get_own_distributor(), data, filename, "upload", client_order_ref).sudo(False)

    @api.model
    def _intake_portal_lines(self, text, client_order_ref=False):
        """:meth:`_intake_lines` for the logged-in user of a distributor; see :meth:`_intake_portal`."""
        intakes = self.sudo()  # the user's own distributor, checked here; nothing else can be named
        return intakes._intake_lines(self._get_own_distributor(), text, "portal", client_order_ref).sudo(False)

    def _portal_create_order(self):
        """Make the order without the bad rows, for the logged-in user of the intake's distributor."""
        self.ensure_one()
        self.check_access("read")
        if self.distributor_id != self._get_own_distributor():
            raise AccessError(self.env._("You can only act on your own orders."))
        self.sudo()._check_again(leave_out_bad_rows=True)  # the user's own intake, checked above

    @api.model
    def _get_own_distributor(self):
        own = self.env.user.commercial_partner_id
        if own.id not in self.env.user._dms_portal_distributor_ids():
            raise AccessError(self.env._("Your account cannot send orders. Please contact us."))
        return own

    # ------------------------------------------------------------ buttons

    def action_check_again(self):
        """Read the file again, after products, codes, units or the distributor were put right."""
        self._check_desk()
        for intake in self:
            intake._check_again()
        return self._get_order_action() if len(self) == 1 and self.order_id else True

    def action_create_order(self):
        """Make the order of the good rows and leave the bad ones out."""
        self._check_desk()
        self.ensure_one()
        self._check_again(leave_out_bad_rows=True)
        return self._get_order_action()

    def action_cancel(self):
        """Drop an intake that became no order; its file may then be sent again."""
        self._check_desk()
        for intake in self:
            if intake.state == "done":
                raise UserError(
                    self.env._("%(intake)s became %(order)s: cancel that order.", intake=intake.name, order=intake.order_id.name)
                )
        self._set({"state": "cancelled", "is_current": False})
        return True

    def action_view_order(self):
        self.ensure_one()
        self.check_access("read")
        return self._get_order_action()

    def action_download(self):
        """Download the file as it came."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"/web/content/{self.attachment_id.id}?download=true", "target": "download"}

    def _get_order_action(self):
        return {"type": "ir.actions.act_window", "res_model": "sale.order", "res_id": self.order_id.id, "view_mode": "form"}

    def _check_desk(self):
        self.check_access("write")
        if not self.env.user.has_group("dms_orders.group_dms_user"):
            raise AccessError(self.env._("Only the order desk works on order intakes."))

    # ------------------------------------------------------------ taking in

    @api.model
    def _read_document(self, data, filename):
        try:
            return documents.read_document(data, filename or "", self._get_limits())
        except IntakeError as error:
            raise UserError(self._get_sentence(error)) from error

    @api.model
    def _get_limits(self):
        return Limits(max_rows=self.env.company.dms_intake_max_rows)

    @api.model
    def _take_in(self, document, distributor, data, values, leave_out_bad_rows):
        distributor = self._resolve_distributor(document, distributor)
        earlier = self._find_earlier(distributor, document.checksum)
        if earlier:
            earlier._refuse_repeated()
            earlier._set({"is_shared": earlier.is_shared or self.env.user.share})
            earlier._process(document, leave_out_bad_rows)
            return earlier
        values = self._prepare_intake_values(document, distributor, values)
        intake = self.sudo().create(values).with_env(self.env)  # a document that only the intake makes, of the distributor resolved
        intake._attach(data)
        intake._process(document, leave_out_bad_rows)
        return intake

    @api.model
    def _prepare_intake_values(self, document, distributor, values):
        return {
            **values,
            "company_id": self.env.company.id,
            "distributor_id": distributor.id,
            "source": document.source,
            "order_channel": "edi" if document.source == "ubl" else values["order_channel"],
            "checksum": document.checksum,
            "is_current": True,
            "is_shared": self.env.user.share,
            "client_order_ref": (document.order and document.order.id) or values["client_order_ref"],
            "buyer_text": document.order and self._describe_buyer(document.order.buyer),
        }

    def _attach(self, data):
        self._set({"attachment_id": self._keep_file(self.filename, data).id})

    def _set(self, values):
        """Write what is the intake's own (see `OPEN_FIELDS`); the caller has decided that it may."""
        self.sudo().write(values)  # the intakes at hand, values of this model's making

    @api.model
    def _find_earlier(self, distributor, checksum):
        """The intake that stands for the same file, if its order was not cancelled meanwhile."""
        domain = [("company_id", "=", self.env.company.id), ("checksum", "=", checksum), ("is_current", "=", True)]
        if distributor:
            domain.append(("distributor_id", "in", [distributor.id, False]))
        earlier = self.search(domain, limit=1)
        if earlier.state == "done" and earlier.sudo().order_id.state in (False, "cancel"):  # state of an order of this distributor
            earlier._set({"is_current": False})
            earlier.flush_recordset(["is_current"])  # its place in the unique index is taken next
            return self.browse()
        return earlier

    def _refuse_repeated(self):
        if self.state == "done":
            raise UserError(
                self.env._(
                    "This file was taken in on %(date)s as %(order)s (%(intake)s). Change the file, or cancel that order first.",
                    date=format_date(self.env, self.company_id._dms_local(self.create_date).date()),
                    order=self.sudo().order_id.name,  # the distributor's own order, its number only
                    intake=self.name,
                )
            )

    def _check_again(self, leave_out_bad_rows=False):
        if self.state != "review":
            raise UserError(self.env._("%(intake)s is no longer to be reviewed.", intake=self.name))
        intake = self.with_company(self.company_id)
        intake._process(intake._reread(), leave_out_bad_rows)

    def _reread(self):
        data = self.sudo().attachment_id.raw  # the intake's own file
        if not data:
            raise UserError(self.env._("The file of %(intake)s is gone. Send it again.", intake=self.name))
        if self.source != "paste":
            return self._read_document(data, self.filename)
        day = self.company_id._dms_local(self.create_date).date()
        return documents.read_pasted(data.decode(), day, self._get_limits())

    def _process(self, document, leave_out_bad_rows=False):
        """Match every row anew; make the order when nothing is wrong, or of the rest when bad rows may be left out."""
        if document.order and not self.distributor_id:
            self._set({"distributor_id": self._match_buyer(document.order.buyer).id})
        rows = self._match_items(document.items)
        good = [row for row in rows if not row.get("error")]
        complete = len(good) == len(rows) or leave_out_bad_rows
        if leave_out_bad_rows and not good:
            raise UserError(self.env._("None of the rows can be ordered."))
        order = self._create_order(document, good) if complete and self.distributor_id else self.env["sale.order"]
        lines = self.sudo().line_ids  # rows of this intake's file
        lines.unlink()
        lines.create([{**row, "intake_id": self.id} for row in rows])
        self._set(self._prepare_result_values(document, rows, order))

    def _prepare_result_values(self, document, rows, order):
        errors = sum(bool(row.get("error")) for row in rows)
        return {
            "order_id": order.id,
            "state": "done" if order else "review",
            "row_count": len(rows),
            "error_count": errors,
            "message": self._describe_trouble(document, errors, order),
            "note": "\n".join(self._head_notes(document)) or False,
        }

    def _describe_trouble(self, document, errors, order):
        if not self.distributor_id:
            return self.env._(
                "No distributor matches the buyer of the file: %(buyer)s. Choose the distributor, or add this electronic address to"
                " it, and check again.",
                buyer=self.buyer_text or "?",
            )
        if errors and order:
            return self.env._("%(count)s rows were left out.", count=errors)
        if errors:
            return self.env._("%(count)s of %(total)s rows cannot be ordered.", count=errors, total=len(document.items))
        return False
