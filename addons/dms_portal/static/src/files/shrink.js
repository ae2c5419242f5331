/** Longest side and largest size of a picture that is sent as it was taken (pixels, bytes). */
const MAX_SIDE = 2400;
const MAX_BYTES = 2 * 1024 * 1024;
const QUALITY = 0.85;
/** Kinds of pictures the server takes. */
const TAKEN = ["image/jpeg", "image/png"];

/**
 * A picture as it is sent: a phone's photo is larger than a slip needs, and may be of a kind that only the phone reads.
 * A file that is no picture, or that the browser cannot draw, is left to the server to judge.
 *
 * @param {File} file
 * @returns {Promise<File>}
 */
export async function shrink(file) {
    if (!file.type.startsWith("image/") || (TAKEN.includes(file.type) && file.size <= MAX_BYTES)) {
        return file;
    }
    try {
        const picture = await createImageBitmap(file);
        const blob = await draw(picture, Math.min(1, MAX_SIDE / Math.max(picture.width, picture.height)));
        return new File([blob], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" });
    } catch {
        return file;
    }
}

function draw(picture, scale) {
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff"; // where the picture lets through, paper
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve, reject) =>
        canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("not drawn"))), "image/jpeg", QUALITY)
    );
}
