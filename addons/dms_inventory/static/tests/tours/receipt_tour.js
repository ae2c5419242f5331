import { registry } from "@web/core/registry";

import { fits } from "@dms_portal/../tests/tours/steps";

registry.category("web_tour.tours").add("dms_inventory_receipt", {
    steps: () => [
        { content: "the card asks for it", trigger: "[data-card=receipts]" },
        fits,
        { content: "all deliveries to confirm", trigger: "[data-card=receipts] .card-footer a", run: "click", expectUnloadPage: true },
        { content: "the list", trigger: ".o_dms_receipts .o_dms_confirm" },
        fits,
        { content: "confirm one", trigger: ".o_dms_receipts .o_dms_confirm", run: "click", expectUnloadPage: true },
        fits,
        { content: "not all arrived", trigger: ".o_dms_not_all", run: "click" },
        { content: "nonsense", trigger: "#o_dms_short.show .o_dms_list_row:has(.o_dms_product:contains(Tea)) input", run: "edit two" },
        { content: "send it", trigger: ".o_dms_confirm_short", run: "click", expectUnloadPage: true },
        { content: "it is told, and what was typed is still there", trigger: ".alert-danger:contains(no quantity)" },
        { content: "put right", trigger: "#o_dms_short.show .o_dms_list_row:has(.o_dms_product:contains(Tea)) input:value(two)", run: "edit 2" },
        { content: "damaged", trigger: ".o_dms_list_row:has(.o_dms_product:contains(Tea)) select", run: "selectByLabel Damaged" },
        fits,
        { content: "send it", trigger: ".o_dms_confirm_short", run: "click", expectUnloadPage: true },
        { content: "what arrived", trigger: ".o_dms_badge:contains(Received short)" },
        fits,
        { content: "to the stock", trigger: ".o_dms_tabs a:contains(Stock)", run: "click", expectUnloadPage: true },
        { content: "the goods are there", trigger: ".o_dms_cols_positions:contains(Tea)" },
        fits,
        { content: "history of the product", trigger: "a.o_dms_cols_positions:contains(Tea)", run: "click", expectUnloadPage: true },
        { content: "the receipt is in it", trigger: ".o_dms_list_row[data-kind=receipt]" },
        fits,
    ],
});
