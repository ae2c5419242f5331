import { registry } from "@web/core/registry";

import { fits } from "@dms_portal/../tests/tours/steps";

/** A photo as a phone takes it, larger than it is sent. */
async function takePhoto() {
    const canvas = Object.assign(document.createElement("canvas"), { width: 3000, height: 1200 });
    canvas.getContext("2d").fillRect(0, 0, 1500, 600);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg"));
    return new File([blob], "IMG_0001.jpg", { type: "image/jpeg" });
}

registry.category("web_tour.tours").add("dms_returns_return", {
    steps: () => [
        { content: "to the returns", trigger: ".o_dms_tabs a:contains(Returns)", run: "click", expectUnloadPage: true },
        { content: "the list", trigger: ".o_dms_cols_cases" },
        fits,
        { content: "a new one", trigger: ".o_dms_new_return", run: "click", expectUnloadPage: true },
        fits,
        { content: "from the first delivery", trigger: ".o_dms_source", run: "click", expectUnloadPage: true },
        { content: "what is left is shown", trigger: ".o_dms_cols_offer:contains(Tea) .o_dms_left:contains(8)" },
        fits,
        { content: "too much", trigger: ".o_dms_cols_offer:contains(Tea) input", run: "edit 99" },
        { content: "a reason for all", trigger: "#o_dms_reason", run: "selectByLabel T Other" },
        { content: "another one for the line, which asks for a photo", trigger: ".o_dms_cols_offer:contains(Tea) .o_dms_row_reason", run: "selectByLabel T Proven" },
        { content: "it is asked for", trigger: ".o_dms_evidence:not(.d-none):contains(T photo)" },
        fits,
        { content: "send it", trigger: ".o_dms_send_case", run: "click", expectUnloadPage: true },
        { content: "it is told, and what was typed is still there", trigger: ".alert-danger:contains(no more than 8)" },
        { content: "its own reason too", trigger: ".o_dms_evidence:not(.d-none):contains(T photo)" },
        { content: "put right", trigger: ".o_dms_cols_offer:contains(Tea) input:value(99)", run: "edit 2" },
        fits,
        { content: "send it without the photo", trigger: ".o_dms_send_case", run: "click", expectUnloadPage: true },
        { content: "it is kept, and says what is missing", trigger: ".o_dms_before_sending:contains(T photo)" },
        fits,
        {
            content: "take the photo",
            trigger: ".o_dms_before_sending input[type=file]",
            async run() {
                const list = new DataTransfer();
                list.items.add(await takePhoto());
                this.anchor.files = list.files;
                this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        { content: "send it", trigger: ".o_dms_before_sending .o_dms_send_case", run: "click", expectUnloadPage: true },
        { content: "it is with us now", trigger: ".o_dms_status:contains(Sent)" },
        { content: "with its photo", trigger: ".o_dms_file:contains(IMG_0001.jpg)" },
        fits,
        { content: "ask something", trigger: "#messages textarea", run: "edit When do you fetch it?" },
        { content: "send it", trigger: "#messages button", run: "click", expectUnloadPage: true },
        { content: "it is there", trigger: ".o_dms_message.own:contains(fetch it)" },
        fits,
    ],
});
