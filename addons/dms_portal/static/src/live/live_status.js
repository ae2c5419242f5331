import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { _t } from "@web/core/l10n/translation";

/** Time after which a page is read again when its order changed (milliseconds): several changes come together. */
const REFRESH_DELAY = 300;

/**
 * An open page follows the status of the distributor's orders: its words change at once, and the page that shows the
 * whole order (or counts of orders) is then read again, unless somebody is writing on it.
 */
export class LiveStatus extends Interaction {
    static selector = "[data-dms-live]";

    setup() {
        this.kind = this.el.dataset.dmsLive;
        this.onStatus = (status) => this.show(status);
        this.readAgain = this.debounced(() => this.refresh(), REFRESH_DELAY);
    }

    start() {
        const bus = this.services.bus_service;
        bus.subscribe("dms.order/status", this.onStatus);
        bus.start();
        this.registerCleanup(() => bus.unsubscribe("dms.order/status", this.onStatus));
        this.el.dataset.listening = "1";
    }

    show(status) {
        const scope = this.kind === "order" ? this.el : this.el.closest(".o_dms");
        const selector = this.kind === "order" ? "" : `[data-order-id="${status.order_id}"] `;
        if (this.kind === "order" && parseInt(this.el.dataset.orderId) !== status.order_id) {
            return;
        }
        const badge = scope.querySelector(`${selector}.o_dms_status .badge`);
        if (badge) {
            badge.textContent = status.label;
            badge.className = `badge o_dms_badge o_dms_tone_${status.tone}`;
        }
        if (this.kind !== "list") {
            this.readAgain();
        }
    }

    async refresh() {
        const writing = [...this.el.querySelectorAll("textarea")].some((area) => area.value);
        if (writing) {
            this.services.notification.add(_t("This page has news: reload it when you are done writing."), { type: "info" });
            return;
        }
        const response = await this.waitFor(fetch(window.location.pathname + window.location.search, { credentials: "same-origin" }));
        const page = response.ok && new DOMParser().parseFromString(await this.waitFor(response.text()), "text/html");
        const fresh = page && page.querySelector(`[data-dms-live="${this.kind}"]`);
        if (fresh) {
            this.el.replaceChildren(...fresh.childNodes);
            this.el.dataset.refreshed = "1";
        }
    }
}

registry.category("public.interactions").add("dms_portal.live_status", LiveStatus);
