"""Sizes of the generator."""

from pydantic import BaseModel, ConfigDict

from petgen.language import FIELD_NAMES

PADDED = (96, 112, 96)
"""The working grid padded so that four halvings fit."""


class GeneratorConfig(BaseModel):
    """Configuration that is kept beside the weights.

    Attributes:
        width: Channels at half resolution; doubled at each level below.
        levels: Resolutions from a half down.
        text_features: Features of one field.
        fields: Names of the prompt's fields, in order.
        token: Width of a field token.
        heads: Attention heads.
    """

    model_config = ConfigDict(frozen=True)

    width: int = 16
    levels: int = 4
    text_features: int = 640
    fields: tuple[str, ...] = FIELD_NAMES
    token: int = 128
    heads: int = 4
