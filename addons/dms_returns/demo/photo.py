"""Pictures of what the demo distributors send in: drawn, so that no file of anybody is needed."""

import io
from random import Random

from PIL import Image, ImageDraw

SIZE = (480, 360)


def draw_photo(title, seed):
    """A carton with a stain and a label, as PNG."""
    random = Random(seed)
    image = Image.new("RGB", SIZE, (228, 222, 212))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 270, *SIZE), fill=(176, 164, 148))
    left, top = random.randrange(60, 110), random.randrange(50, 90)
    pen.rectangle((left, top, left + 280, top + 220), fill=(196, 154, 104), outline=(140, 104, 64), width=3)
    pen.rectangle((left + 125, top, left + 155, top + 220), fill=(222, 190, 146))
    pen.rectangle((left + 24, top + 130, left + 116, top + 196), fill=(250, 250, 246))
    for row in range(4):
        pen.line((left + 34, top + 144 + row * 12, left + 34 + random.randrange(40, 72), top + 144 + row * 12), fill=(60, 60, 60), width=3)
    for _spot in range(7):
        x, y, r = left + random.randrange(150, 270), top + random.randrange(20, 200), random.randrange(8, 34)
        pen.ellipse((x - r, y - r // 2, x + r, y + r // 2), fill=(122, 84, 50))
    pen.text((12, 12), title, fill=(70, 66, 60))
    drawn = io.BytesIO()
    image.save(drawn, "PNG", optimize=True)
    return drawn.getvalue()
