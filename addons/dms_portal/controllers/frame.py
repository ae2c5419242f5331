import functools
import secrets

from psycopg2 import IntegrityError
from werkzeug.exceptions import MethodNotAllowed, NotFound

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

#: largest id a row can have
MAX_ID = 2**31 - 1
#: longest text taken from a search box or a message
MAX_SEARCH, MAX_TEXT = 80, 5000
#: rows on a page of a list
PAGE_SIZE = 20


class PortalClosed(Exception):
    """The user is no distributor's, or the distributor's account is not open."""


def page(method):
    """Route of the distributors' portal: whoever may not be here gets a page that says so, and nothing else.

    A record that is not there and one that is not the user's own look the same. Odoo lets OPTIONS through to every route, and asks it
    for no token.
    """

    @functools.wraps(method)
    def wrapper(self, *args, **kwargs):
        if request.httprequest.method == "OPTIONS":
            raise MethodNotAllowed()
        try:
            return method(self, *args, **kwargs)
        except PortalClosed:
            return self._dms_render_closed()
        except (AccessError, MissingError) as error:
            raise NotFound() from error

    return wrapper


class DistributorPortal(CustomerPortal):
    """Base of every page of the distributors' portal; modules of upper floors subclass it for their own.

    A route takes its distributor from :meth:`_dms_distributor`, fetches a document by :meth:`_dms_own`, casts what
    came with the request, calls one private method on what it found, and renders plain values by :meth:`_dms_render`.
    """

    # ------------------------------------------------------------ who and what

    def _dms_distributor(self):
        """The distributor of the logged-in user, with full rights.

        :raise PortalClosed: where there is none, or its account is suspended or closed
        """
        Portal = request.env["dms.portal"]
        distributor = Portal._get_distributor()
        if not Portal._is_open(distributor):
            raise PortalClosed()
        return distributor

    def _dms_own(self, model, record_id, domain=()):
        """The record with this id if the user may read it, without more rights than his.

        :raise NotFound: for every other id
        """
        found = request.env[model]
        if 0 < record_id <= MAX_ID:
            found = found.search([("id", "=", record_id), *domain])
        if not found:
            raise NotFound()
        return found

    def _dms_order(self, order_id):
        return self._dms_own("sale.order", order_id, [("distributor_id", "!=", False)])

    # ------------------------------------------------------------ what came with the request

    def _dms_text(self, text, limit=MAX_TEXT):
        """Text of a form as one bounded string without NUL bytes."""
        return text.replace("\0", "").strip()[:limit] if isinstance(text, str) else ""

    def _dms_choice(self, value, choices, default=None):
        """``value`` if it is one of ``choices``, else ``default``."""
        return value if value in choices else default

    def _dms_int(self, value):
        """A positive id, or 0."""
        text = str(value or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 11 and int(text) <= MAX_ID else 0

    # ------------------------------------------------------------ answers

    def _dms_render(self, template, key, values):
        """Render a page of the portal.

        :param str key: key of the tab that is lit, see ``dms.portal._get_menu``
        """
        return request.render(template, {**self._dms_layout_values(key), **values})

    def _dms_layout_values(self, key):
        Portal = request.env["dms.portal"].sudo()  # labels of the menu, for the distributor checked by the route
        distributor = self._dms_distributor()
        return {
            "page_name": "dms",
            "no_breadcrumbs": True,
            "dms_key": key,
            "dms_menu": Portal._sorted(Portal._get_menu(distributor)),
            "dms_distributor": {"name": distributor.name, "code": distributor.distributor_code or ""},
            "dms_flash": request.session.pop("dms_portal_flash", []),
            "form_token": secrets.token_urlsafe(24),
        }

    def _dms_render_closed(self):
        Portal = request.env["dms.portal"]
        distributor = Portal._get_distributor()
        state = distributor.distributor_state if distributor else "none"
        values = {"page_name": "dms", "no_breadcrumbs": True, "state": state, "name": distributor.name or ""}
        return request.render("dms_portal.closed", values, status=403)

    def _dms_flash(self, message, tone="success"):
        """A message on the next page of this session."""
        request.session["dms_portal_flash"] = [*request.session.get("dms_portal_flash", []), {"message": message, "tone": tone}]

    def _dms_do(self, action, target):
        """Run ``action`` of a form and go on to ``target`` (or where the action says); what is wrong is told there.

        :param action: callable that returns a URL, or None to stay
        """
        try:
            with request.env.cr.savepoint():
                target = action() or target
        except (AccessError, MissingError):
            raise
        except UserError as error:
            self._dms_flash(str(error), "danger")
        return request.redirect(target, code=303)

    def _dms_try(self, action, model):
        """Run ``action`` of a form that is shown again when something is wrong.

        :param action: callable without arguments
        :param str model: name of the model whose constraints may speak: of two requests at once the later one hears theirs
        :return: (what it returned or None, sentence or "")
        """
        try:
            with request.env.cr.savepoint():
                return action(), ""
        except (AccessError, MissingError):
            raise
        except UserError as error:
            return None, str(error)
        except IntegrityError as error:
            return None, request.env[model].sudo()._sql_error_to_message(error)  # the constraint's own sentence

    def _dms_answer(self, action):
        """Result of ``action`` for a page that called by JSON; what is wrong comes back as ``{"error": sentence}``."""
        try:
            with request.env.cr.savepoint():
                return action()
        except (AccessError, MissingError, NotFound):
            return {"error": request.env._("This document is no longer there.")}
        except PortalClosed:
            return {"error": request.env._("Your account is not open. Please contact us.")}
        except UserError as error:
            return {"error": str(error)}

    def _dms_pager(self, url, total, number, url_args):
        number = max(self._dms_int(number), 1)
        return pager(url=url, total=total, page=number, step=PAGE_SIZE, url_args={k: v for k, v in url_args.items() if v})
