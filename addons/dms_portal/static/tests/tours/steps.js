/** Step that fails where the page is wider than the screen. */
export const fits = {
    content: "nothing sticks out at the side",
    trigger: ".o_dms",
    run() {
        const beyond = document.documentElement.scrollWidth - window.innerWidth;
        if (beyond > 0) {
            throw new Error(`${window.location.pathname} sticks out by ${beyond} px`);
        }
    },
};
