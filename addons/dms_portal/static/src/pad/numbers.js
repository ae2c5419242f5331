/** Largest quantity the server takes. */
const MAX_QUANTITY = 1e9;

/**
 * Read a quantity as people type it: `12`, `1.5` and `1,5`.
 *
 * @returns {{value: number, problem: string|null}} problem: "number", "ambiguous" (1,500) or "large"
 */
export function parseQuantity(text) {
    const plain = text.trim().replace(/[\s\u00a0\u202f']/g, "");
    if (!plain) {
        return { value: 0, problem: null };
    }
    if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(plain)) {
        return { value: 0, problem: "ambiguous" };
    }
    if (!/^\d*([.,]\d+)?$/.test(plain)) {
        return { value: 0, problem: "number" };
    }
    const value = parseFloat(plain.replace(",", "."));
    return value > MAX_QUANTITY ? { value: 0, problem: "large" } : { value, problem: null };
}

/** A quantity without the noise of binary fractions. */
export function showQuantity(value) {
    return String(Math.round(value * 1e6) / 1e6);
}

/** Money of the pad's currency in the page's language. */
export function makeMoney({ symbol, position, digits }) {
    const lang = document.documentElement.lang || "en";
    const format = new Intl.NumberFormat(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    return (value) => (position === "before" ? `${symbol}\u00a0${format.format(value)}` : `${format.format(value)}\u00a0${symbol}`);
}

/**
 * What is wrong with a quantity in the product's own unit.
 *
 * @returns {{code: "min"|"multiple", better: number[]}|null} better: quantities nearby that fit, in the own unit
 */
export function checkQuantity(own, { min, multiple }) {
    if (own <= 0) {
        return null;
    }
    const up = (value) => (multiple ? Math.ceil(value / multiple - 1e-9) * multiple : value);
    if (min && own < min - 1e-9) {
        return { code: "min", better: [up(min)] };
    }
    if (multiple && Math.abs(own / multiple - Math.round(own / multiple)) > 1e-6) {
        const above = up(own);
        const below = above - multiple;
        return { code: "multiple", better: [below, above].filter((value) => value > 0 && value >= min) };
    }
    return null;
}
