import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** On a phone the tab bar scrolls: show the tab of the page. */
export class Tabs extends Interaction {
    static selector = ".o_dms_tabs";

    start() {
        const active = this.el.querySelector(".active");
        if (active) {
            this.el.scrollLeft = active.offsetLeft - (this.el.clientWidth - active.offsetWidth) / 2;
        }
    }
}

registry.category("public.interactions").add("dms_portal.tabs", Tabs);
