import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

/** Tells whoever waits for a workbook that it is done, with a button that opens it. */
export const workbookService = {
    dependencies: ["bus_service", "notification"],
    start(env, { bus_service: bus, notification }) {
        bus.subscribe("dms_workbook", ({ title, message, type, url }) => {
            const open = { name: _t("Open"), primary: true, onClick: () => browser.open(url, "_blank") };
            notification.add(message, { title, type, sticky: true, buttons: url ? [open] : [] });
        });
        bus.start();
    },
};

registry.category("services").add("dms_workbook", workbookService);
