import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("dms_reports_workbook", {
    steps: () => [
        { content: "the pivot is there", trigger: ".o_pivot table" },
        { content: "open its menu", trigger: ".o_cp_action_menus .dropdown-toggle", run: "click" },
        { content: "export what is shown", trigger: ".o_menu_item:contains(Export Workbook)", run: "click" },
        { content: "told that it is being made", trigger: ".o_notification:contains(in the background)" },
        { content: "to the list", trigger: ".o_switch_view.o_list", run: "click" },
        { content: "choose a row", trigger: ".o_data_row .o_list_record_selector input", run: "check" },
        { content: "open the actions", trigger: ".o_cp_action_menus .dropdown-toggle:contains(Actions)", run: "click" },
        { content: "export it", trigger: ".o-dropdown-item:contains(Export Workbook)", run: "click" },
        { content: "told once more", trigger: ".o_notification_manager .o_notification:nth-child(2):contains(in the background)" },
    ],
});
