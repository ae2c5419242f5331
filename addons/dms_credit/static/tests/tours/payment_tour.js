import { registry } from "@web/core/registry";

import { fits } from "@dms_portal/../tests/tours/steps";

/** Give the field of the proof a picture of a kind that the server does not take. */
async function takePhoto() {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 3000;
    canvas.getContext("2d").fillRect(0, 0, 1500, 3000);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/webp"));
    const files = new DataTransfer();
    files.items.add(new File([blob], "slip.webp", { type: "image/webp" }));
    const input = document.querySelector("[name=proof]");
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

registry.category("web_tour.tours").add("dms_credit_payment", {
    steps: () => [
        fits,
        { content: "to the statement", trigger: ".o_dms_credit_nav a:contains(Statement)", run: "click", expectUnloadPage: true },
        { content: "items of the statement", trigger: ".o_dms_statement .o_dms_item" },
        fits,
        { content: "to the notices", trigger: ".o_dms_credit_nav a:contains(Payments)", run: "click", expectUnloadPage: true },
        { content: "the list", trigger: ".o_dms_list .o_dms_list_row" },
        fits,
        { content: "a new one", trigger: "a[href$='/payments/new']", run: "click", expectUnloadPage: true },
        { content: "tick an invoice", trigger: ".o_dms_choice:has(.o_dms_number:contains(100.00)) input", run: "check" },
        { content: "its amount is taken over", trigger: "[name=amount]:value(100.00)" },
        { content: "another amount stays", trigger: "[name=amount]", run: "edit 60 && press Tab" },
        { content: "the sum can be taken back", trigger: "[data-payment=sum-take]:not(.d-none)" },
        { content: "reference", trigger: "[name=reference]", run: "edit TOUR 1" },
        { content: "a photo", trigger: ".o_dms_payment_form", run: takePhoto },
        fits,
        { content: "send it", trigger: ".o_dms_payment_form button[type=submit]", run: "click", expectUnloadPage: true },
        { content: "the photo came as a kind the server takes", trigger: ".o_dms_credit a[href*='/proof/']:contains(slip.jpg)" },
        { content: "the notice waits", trigger: ".o_dms_badge:contains(Waiting)" },
        fits,
    ],
});
