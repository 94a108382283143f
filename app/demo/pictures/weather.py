"""Light and season of a picture: the colours of the sky, the air, the leaves and the fields."""

from __future__ import annotations

from dataclasses import dataclass

from app.demo.pictures.paint import Colour, Ramp


@dataclass(frozen=True)
class Light:
    """One kind of daylight."""

    sky: tuple[Colour, Colour, Colour]  # top, middle, above the horizon
    haze: Colour
    thickness: float  # 0 clear air .. 1 the hills are gone
    cloud: float  # share of the sky that clouds cover
    cloud_ramp: tuple[Colour, Colour]  # shadow, lit
    sun: tuple[float, float, float]  # place across, place down the sky, strength
    tone: Colour  # what the light does to everything, 255 = nothing
    contrast: float


LIGHTS = {
    "mist": Light(
        ((156, 188, 214), (206, 217, 220), (250, 226, 190)),
        (232, 224, 206),
        0.75,
        0.3,
        ((204, 204, 206), (255, 244, 226)),
        (0.24, 0.86, 0.9),
        (255, 247, 233),
        0.25,
    ),
    "noon": Light(
        ((52, 122, 204), (118, 176, 228), (200, 226, 240)),
        (190, 214, 230),
        0.42,
        0.45,
        ((196, 208, 220), (255, 255, 255)),
        (0.7, 0.05, 0.35),
        (255, 254, 248),
        0.3,
    ),
    "gold": Light(
        ((98, 150, 206), (182, 198, 208), (255, 222, 160)),
        (244, 212, 164),
        0.5,
        0.4,
        ((190, 172, 168), (255, 236, 200)),
        (0.82, 0.7, 1.0),
        (255, 240, 208),
        0.34,
    ),
    "cloud": Light(
        ((150, 164, 178), (186, 196, 204), (220, 226, 226)),
        (208, 216, 216),
        0.62,
        0.85,
        ((146, 156, 168), (226, 230, 232)),
        (0.5, 0.1, 0.2),
        (240, 246, 248),
        0.22,
    ),
    "dusk": Light(
        ((62, 74, 130), (154, 118, 150), (255, 172, 112)),
        (214, 150, 128),
        0.45,
        0.5,
        ((96, 82, 116), (255, 188, 146)),
        (0.3, 0.92, 1.0),
        (236, 206, 196),
        0.32,
    ),
}


@dataclass(frozen=True)
class Season:
    """What grows, and its colours."""

    leaf: Ramp
    grass: Ramp
    rice: Ramp
    soil: Ramp
    hill: Colour
    water: Colour
    blossom: bool = False


SEASONS = {
    "rain": Season(
        leaf=((16, 42, 18), (52, 104, 36), (150, 190, 78)),
        grass=((38, 68, 24), (88, 132, 48), (152, 180, 86)),
        rice=((48, 92, 24), (108, 164, 46), (178, 214, 92)),
        soil=((74, 48, 30), (124, 86, 56), (168, 128, 88)),
        hill=(54, 92, 66),
        water=(112, 116, 84),
    ),
    "harvest": Season(
        leaf=((20, 42, 18), (66, 104, 38), (164, 182, 82)),
        grass=((62, 74, 28), (118, 132, 54), (178, 178, 94)),
        rice=((124, 92, 24), (204, 164, 54), (248, 218, 118)),
        soil=((88, 60, 36), (142, 102, 66), (190, 150, 104)),
        hill=(62, 92, 82),
        water=(92, 112, 100),
    ),
    "dry": Season(
        leaf=((30, 46, 20), (88, 104, 44), (176, 172, 84)),
        grass=((96, 84, 42), (150, 132, 70), (204, 184, 116)),
        rice=((112, 92, 52), (176, 148, 88), (222, 196, 132)),
        soil=((104, 70, 42), (160, 116, 74), (206, 164, 116)),
        hill=(96, 100, 88),
        water=(98, 110, 100),
        blossom=True,
    ),
}


def season_of(month: int) -> str:
    """Return the season of Phayao's fields in a month (1-12)."""
    if 6 <= month <= 10:
        return "rain"
    return "harvest" if month in {11, 12} else "dry"
