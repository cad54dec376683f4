"""Whether a colour can be read: contrast by WCAG 2.2, without a drawing library."""

import colorsys

CONTRAST = 4.5  # WCAG 2.2, criterion 1.4.3: text against its ground
WHITE = "#ffffff"


def readable(colour: str) -> str:
    """Return a colour ("#rrggbb", else ValueError), darkened until its contrast on white is at least 4.5."""
    hue, light, full = colorsys.rgb_to_hls(*parts(colour))
    darkened = hexed(parts(colour))
    while contrast(darkened) < CONTRAST:
        light -= 0.01
        darkened = hexed(colorsys.hls_to_rgb(hue, max(light, 0.0), full))
    return darkened


def contrast(colour: str, ground: str = WHITE) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    light, dark = sorted((_luminance(colour), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def parts(colour: str) -> tuple[float, float, float]:
    """Return red, green and blue (0 to 1) of "#rrggbb"."""
    digits = colour.removeprefix("#")
    if len(digits) != 6 or len(colour) != 7:
        raise ValueError(f'expected a colour such as "#0b6e6e", got {colour!r}')
    red, green, blue = (int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4))
    return red, green, blue


def hexed(rgb: tuple[float, ...]) -> str:
    """Return red, green and blue (0 to 1) as "#rrggbb"."""
    return "#" + "".join(f"{round(255 * part):02x}" for part in rgb)


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
