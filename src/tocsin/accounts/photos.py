"""Photos that people upload: checked, cut square, written anew."""

import io

from django.core.files.base import ContentFile, File
from django.utils.translation import gettext, gettext_noop
from PIL import Image, ImageOps, UnidentifiedImageError

from tocsin.kit import ids
from tocsin.kit.errors import invalid

MAX_BYTES = 1024 * 1024
MAX_PIXELS = 25_000_000
SIDE = 256
TOO_MANY_PIXELS = gettext_noop("Use a picture with fewer pixels.")
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


def checked_photo(upload: "File[bytes]") -> "ContentFile[bytes]":
    """Return the picture as a square WebP without its metadata. Raises InvalidInput on `photo`."""
    if upload.size > MAX_BYTES:
        raise invalid("photo", gettext("Use a picture of at most 1 MB."))
    try:
        with Image.open(upload, formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise invalid("photo", gettext(TOO_MANY_PIXELS))
            # Small first, so that one upload never holds several copies of all its pixels.
            image.thumbnail((4 * SIDE, 4 * SIDE))
            upright = ImageOps.exif_transpose(image)
            square = ImageOps.fit(upright.convert("RGB"), (SIDE, SIDE))
    except Image.DecompressionBombError:
        raise invalid("photo", gettext(TOO_MANY_PIXELS)) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise invalid("photo", gettext("Use a JPEG, PNG, WebP or GIF picture.")) from None
    out = io.BytesIO()
    square.save(out, "WEBP", quality=85)
    return ContentFile(out.getvalue(), name=f"{ids.new_uuid().hex}.webp")
