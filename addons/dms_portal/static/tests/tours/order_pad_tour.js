import { registry } from "@web/core/registry";

/** The cell of a product on the pad, by its code. */
const row = (code) => `.o_dms_row:has(.o_dms_row_code:contains("${code}"))`;

registry.category("web_tour.tours").add("dms_portal_order_pad", {
    steps: () => [
        { content: "the pad is drawn", trigger: ".o_dms_pad[data-ready='1']" },
        { content: "a slash goes to the search", trigger: "body", run: "press /" },
        { content: "search", trigger: "[data-pad=search]:focus", run: "edit t-te" },
        { content: "other products are gone", trigger: `.o_dms_pad:not(:has(${row("T-COF")}:not(.d-none)))` },
        { content: "Enter goes to the quantity", trigger: "[data-pad=search]", run: "press Enter" },
        { content: "type a quantity off the multiple", trigger: `${row("T-TEA")} input:focus`, run: "edit 5" },
        { content: "it is told while typing", trigger: `${row("T-TEA")} .o_dms_row_note:contains("In steps of 6")` },
        { content: "one click takes the next that fits", trigger: `${row("T-TEA")} .o_dms_row_note button:contains("6")`, run: "click" },
        { content: "the note is gone", trigger: `${row("T-TEA")}:not(.doubtful)` },
        { content: "clear the search", trigger: "[data-pad=search]", run: "edit T-" },
        { content: "all are back", trigger: `${row("T-COF")}:not(.d-none)` },
        { content: "arrow down from the search", trigger: "[data-pad=search]", run: "press ArrowDown" },
        { content: "first product", trigger: `${row("T-COF")} input:focus`, run: "edit 2" },
        { content: "Enter moves down", trigger: `${row("T-COF")} input`, run: "press Enter" },
        { content: "second product", trigger: `${row("T-TEA")} input:focus`, run: "press ArrowUp" },
        { content: "arrow up moves back", trigger: `${row("T-COF")} input:focus` },
        { content: "nonsense is told", trigger: `${row("T-COF")} input`, run: "edit abc" },
        { content: "as a sentence", trigger: `${row("T-COF")} .o_dms_row_note:contains("Type a number")` },
        { content: "put right", trigger: `${row("T-COF")} input`, run: "edit 2" },
        { content: "by the case", trigger: `${row("T-COF")} select`, run: "selectByLabel Case of 12" },
        { content: "the server has answered: 6 x 10 + 24 x 25", trigger: "[data-pad=total][data-exact='1']" },
        { content: "untaxed total of the server", trigger: "[data-pad=untaxed]:contains(660.00)" },
        { content: "submit", trigger: "[data-pad=submit]", run: "click", expectUnloadPage: true },
        { content: "the page of the order", trigger: ".o_dms_order .o_dms_status:contains(Submitted)" },
    ],
});

registry.category("web_tour.tours").add("dms_portal_phone", {
    steps: () => [
        { content: "the pad is drawn", trigger: ".o_dms_pad[data-ready='1']" },
        {
            content: "nothing sticks out at the side, and the foot is in sight",
            trigger: ".o_dms_pad_bar",
            run() {
                const width = document.documentElement.clientWidth;
                const wide = [...document.querySelectorAll(".o_dms *")].filter(
                    (el) => !el.closest(".o_dms_tabs") && el.getBoundingClientRect().right > width + 1
                );
                const submit = document.querySelector("[data-pad=submit]").getBoundingClientRect();
                if (wide.length || submit.bottom > window.innerHeight) {
                    throw new Error(`the pad does not fit ${width}: ${wide.map((el) => el.className).slice(-5)} ${submit.bottom}`);
                }
            },
        },
        { content: "search", trigger: "[data-pad=search]", run: "edit t-te" },
        { content: "a quantity", trigger: `${row("T-TEA")} input`, run: "edit 6" },
        { content: "priced", trigger: "[data-pad=total][data-exact='1']" },
        { content: "paste", trigger: "[data-bs-target='#o_dms_pad_import']", run: "click" },
        { content: "lines", trigger: "[data-pad=paste]", run: "edit T-COF 3" },
        { content: "read", trigger: "[data-pad=paste-go]", run: "click" },
        { content: "told", trigger: "[data-pad=paste-result]:contains('Lines put on the pad: 1')" },
        { content: "on the pad", trigger: ".o_dms_pad [data-pad=chosen-count]:contains(2)" },
        { content: "save", trigger: "[data-pad=save]", run: "click" },
        { content: "saved", trigger: ".o_notification:contains(Saved as)" },
    ],
});
