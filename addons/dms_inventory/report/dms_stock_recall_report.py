from odoo import api, models


class RecallLetters(models.AbstractModel):
    """Values of the letters of recalls. Its address can be called by every user with any argument: access is checked here."""

    _name = "report.dms_inventory.report_recall_letters"
    _description = "Letters of a Recall"

    @api.model
    def _get_report_values(self, docids, data=None):
        recalls = self.env["dms.stock.recall"].browse(docids).exists()
        recalls.check_access("read")
        return {
            "doc_ids": recalls.ids,
            "doc_model": recalls._name,
            "docs": recalls,
            "letters": {recall.id: self._prepare_letters(recall) for recall in recalls},
        }

    def _prepare_letters(self, recall):
        """One letter for each partner that got something: ``[{"partner", "lang", "lines"}]``."""
        return [
            {"partner": partner.sudo(), "lang": partner.sudo().lang or self.env.lang, "lines": lines}  # the address of who is written to
            for partner, lines in recall.line_ids.grouped("partner_id").items()
            if partner
        ]
