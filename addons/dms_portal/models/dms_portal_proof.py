import hashlib
import io
import struct
import zlib

from PIL import Image

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.image import IMAGE_MAX_RESOLUTION, image_fix_orientation

from odoo.addons.dms_orders.engine.upload import clean_filename, extension_of

MAX_PROOF_MB = 5
#: extension: (first bytes, MIME type, format of the image library)
PROOF_KINDS = {
    "pdf": (b"%PDF-", "application/pdf", None),
    "jpg": (b"\xff\xd8\xff", "image/jpeg", "JPEG"),
    "jpeg": (b"\xff\xd8\xff", "image/jpeg", "JPEG"),
    "png": (b"\x89PNG\r\n\x1a\n", "image/png", "PNG"),
}
#: longest side of a kept picture, enough to read a slip
MAX_SIDE = 2400
_BROKEN_IMAGE = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error, Image.DecompressionBombError)


class DmsPortalProof(models.AbstractModel):
    """For documents to which distributors send papers and photos: what is kept is a PDF, or a picture drawn anew."""

    _name = "dms.portal.proof"
    _description = "Files from Distributors"

    def _keep_proof(self, known, filename, content, **values):
        """Attach a file to this document; the same file again gives the attachment that is there.

        :param known: ``ir.attachment`` records that are there already
        :param bytes content: PDF, JPEG or PNG, at most 5 MB
        :param values: further values of a new attachment
        :return: ``ir.attachment`` with full rights
        :raise UserError: a sentence for every other file
        """
        self.ensure_one()
        kind, data = self._read_proof(filename, content)
        checksum = hashlib.sha1(data, usedforsecurity=False).hexdigest()
        same = known.filtered(lambda attachment: attachment.checksum == checksum)[:1]
        if same:
            return same.sudo()  # a file of a document that the caller has checked
        self._check_proof_room(known)
        attachments = self.sudo().env["ir.attachment"]  # as above
        return attachments.create({**self._prepare_proof_values(filename, kind, data), **values})

    def _check_proof_room(self, known):
        """Refuse one more file beside ``known``; extended by documents that take so many, or no longer any."""

    def _prepare_proof_values(self, filename, kind, data):
        return {
            "name": clean_filename(filename),
            "raw": data,
            "mimetype": PROOF_KINDS[kind][1],
            "res_model": self._name,
            "res_id": self.id,
            "public": False,
        }

    @api.model
    def _read_proof(self, filename, content):
        """(extension, data to keep) of a file whose extension and content agree.

        :raise UserError: a sentence for every other file
        """
        kind = extension_of(filename) if isinstance(filename, str) else ""
        if not isinstance(content, bytes) or not content or kind not in PROOF_KINDS or not content.startswith(PROOF_KINDS[kind][0]):
            raise UserError(self.env._("Send the proof as a PDF file or as a picture (JPG or PNG)."))
        if len(content) > MAX_PROOF_MB * 1024 * 1024:
            raise UserError(self.env._("The file is larger than %(limit)s MB: send a smaller one.", limit=MAX_PROOF_MB))
        return kind, self._redraw(content, PROOF_KINDS[kind][2]) if PROOF_KINDS[kind][2] else content

    @api.model
    def _redraw(self, content, image_format):
        """The picture alone, without what else a file can carry (positions, comments, other files)."""
        try:
            image = Image.open(io.BytesIO(content), formats=[image_format])
            if image.width * image.height > IMAGE_MAX_RESOLUTION:
                raise UserError(self.env._("The picture has too many points: send a smaller one."))
            image = image_fix_orientation(image)
            image.thumbnail((MAX_SIDE, MAX_SIDE))
            image = image.convert("RGBA" if image_format == "PNG" and "A" in image.getbands() else "RGB")
        except _BROKEN_IMAGE as error:
            raise UserError(self.env._("The picture cannot be opened: take it again, or send a PDF file.")) from error
        drawn = io.BytesIO()
        Image.frombytes(image.mode, image.size, image.tobytes()).save(drawn, image_format, optimize=True)
        return drawn.getvalue()
