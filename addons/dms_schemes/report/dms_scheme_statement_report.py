from odoo import api, models

from .scheme_workbook import SchemeWorkbook

REPORT = "dms_schemes.action_report_scheme_statement"
#: documents that fit on the first sheet, below the letterhead, and on the others, with room to spare
FIRST_SHEET, NEXT_SHEET = 18, 44


class DmsSchemeAccrual(models.Model):
    """The statement of a scheme to a distributor as a document to send out; any accrual of the two stands for it."""

    _inherit = "dms.scheme.accrual"

    def _render_statement_pdf(self):
        """The statement as PDF, in the distributor's language; callers check the access to the accrual.

        :rtype: bytes
        """
        self.ensure_one()
        return self.env["ir.actions.report"].sudo()._render_qweb_pdf(REPORT, self.ids)[0]  # the accrual was checked by the caller

    def _render_statement_xlsx(self):
        """As :meth:`_render_statement_pdf`, as a spreadsheet."""
        accrual = self._in_distributor_language()
        return SchemeWorkbook(accrual.env, accrual, accrual._get_statement()).render()

    def _get_statement(self):
        """See :meth:`dms.scheme._get_statement`."""
        return self.scheme_id._get_statement(self.distributor_id)

    def _in_distributor_language(self):
        """The accrual with full rights, in the language its distributor reads."""
        accrual = self.sudo()  # one that the caller has checked
        return accrual.with_context(lang=accrual.distributor_id.lang or self.env.lang or "en_US")

    def _get_statement_filename(self, extension):
        """``Scheme-REBATE1-D0012.pdf``; letters, digits and dashes only."""
        accrual = self.sudo()  # one that the caller has checked
        parts = [accrual.scheme_code, accrual.distributor_id.distributor_code or str(accrual.distributor_id.id)]
        clean = ("".join(char for char in part if char.isalnum() or char in "-_") for part in parts)
        return f"Scheme-{'-'.join(clean)}.{extension}"


class SchemeStatementReport(models.AbstractModel):
    """Values of the printed statement. Its address can be called by every user with any argument: access is checked here."""

    _name = "report.dms_schemes.report_scheme_statement"
    _description = "Statement of a Scheme"

    @api.model
    def _get_report_values(self, docids, data=None):
        accruals = self.env["dms.scheme.accrual"].browse(docids).exists()
        accruals.check_access("read")
        return {
            "doc_ids": accruals.ids,
            "doc_model": accruals._name,
            "pages": [self._prepare_page(accrual._in_distributor_language()) for accrual in accruals],
        }

    def _prepare_page(self, accrual):
        """What the template shows of one statement."""
        statement = accrual._get_statement()
        documents = statement["documents"]
        sheets = [documents[:FIRST_SHEET]]
        sheets += [documents[start : start + NEXT_SHEET] for start in range(FIRST_SHEET, len(documents), NEXT_SHEET)]
        return {
            "accrual": accrual,
            "company": accrual.company_id,
            "partner": accrual.distributor_id,
            "lang": accrual.env.lang,
            "statement": statement,
            "sheets": sheets,
            "printed_on": accrual.company_id._dms_today(),
        }
