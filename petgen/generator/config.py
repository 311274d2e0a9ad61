"""What a generator is made of, and the variants that are compared."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from petgen.language import FIELD_NAMES
from petgen.quantify.centiloid import EQUATIONS, FLORBETAPIR, Equation

PADDED = (96, 112, 96)
"""The working grid at 2 mm, padded so that four halvings fit."""
PADDED_3MM = (64, 80, 64)
"""The same space at 3 mm, (61, 73, 61), padded."""
Length = Annotated[int, Field(ge=16, le=256)]


class GeneratorConfig(BaseModel):
    """Configuration that is kept beside the weights; what a file leaves out is as below, what it adds is refused.

    Attributes:
        network: "petgen": a posterior of the load and a decoder that paints a load; "paper": the 3D U-Net of
            arXiv 2511.02206, which paints one image.
        conditioning: What is known of the patient beside the T1w: "prompt" (fields with interpretation and the
            prediction), "pooled" (the same, the fields' features averaged to one, as the paper's text is), "plain" (the
            bare values in words), "numbers" (values and missing indicators), "none".
        language: Which model reads the prompt: "gemma" (Gemma 3 270M) or "minilm" (all-MiniLM-L6-v2).
        fusion: How the paper's network joins text and image: "affine", "concatenation" or "attention".
        width: Channels of the finest level; doubled at each level below.
        levels: Resolutions, from a half down ("petgen") or from full down ("paper").
        text_features: Features of one field.
        fields: Names of the fields, in order.
        token: Width of a field token.
        heads: Attention heads.
        places: Whether the decoder is told where in the template and in which region of the atlas a place lies.
        padded: Grid inside the network.
        tracer: Tracer of the synthetic PET, a key of `petgen.quantify.EQUATIONS`.
        gain: Slope of the line from the SUVR that the network paints to a site's, see `petgen.quantify.suvr.on_line`.
        blur_mm: How much a site's scans are blurred beyond those that the network paints, mm FWHM.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    network: Literal["petgen", "paper"] = "petgen"
    conditioning: Literal["prompt", "pooled", "plain", "numbers", "none"] = "prompt"
    language: Literal["gemma", "minilm"] = "gemma"
    fusion: Literal["affine", "concatenation", "attention"] = "affine"
    width: Annotated[int, Field(ge=1, le=64)] = 16
    levels: Annotated[int, Field(ge=1, le=5)] = 4
    text_features: Annotated[int, Field(ge=1, le=4096)] = 640
    fields: tuple[str, ...] = FIELD_NAMES
    token: Annotated[int, Field(ge=1, le=1024)] = 128
    heads: Annotated[int, Field(ge=1, le=64)] = 4
    places: bool = False
    padded: tuple[Length, Length, Length] = PADDED
    tracer: str = FLORBETAPIR.tracer
    gain: Annotated[float, Field(ge=0.2, le=5)] = 1.0
    blur_mm: Annotated[float, Field(ge=0, le=16)] = 0.0

    @field_validator("tracer")
    @classmethod
    def _known(cls, tracer: str) -> str:
        if tracer not in EQUATIONS:
            raise ValueError(tracer)
        return tracer

    @property
    def equation(self) -> Equation:
        """Centiloids of what the generator paints."""
        return EQUATIONS[self.tracer]


NUMBERS = 30
"""Width of the values as numbers: 15 values and 15 indicators of what is missing."""
_OURS = GeneratorConfig(places=True)
_PAPER = GeneratorConfig(network="paper", width=32)

VARIANTS = {
    "petgen": _OURS,
    "t1-only": _OURS.model_copy(update={"conditioning": "none", "fields": ()}),
    "numbers": _OURS.model_copy(update={"conditioning": "numbers", "fields": ("values",), "text_features": NUMBERS}),
    "plain": _OURS.model_copy(update={"conditioning": "plain"}),
    "pooled": _OURS.model_copy(update={"conditioning": "pooled", "fields": ("prompt",)}),
    "minilm": _OURS.model_copy(update={"language": "minilm", "text_features": 384}),
    "paper": _PAPER,
    "paper-concatenation": _PAPER.model_copy(update={"fusion": "concatenation"}),
    "paper-attention": _PAPER.model_copy(update={"fusion": "attention"}),
}
"""One configuration a variant; everything else is shared."""
