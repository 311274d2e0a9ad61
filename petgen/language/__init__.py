"""Biomarkers to prompt fields to features."""

from petgen.language.fields import FIELD_NAMES, Field, prediction_text, prompt_fields, prompt_text

__all__ = ["FIELD_NAMES", "Field", "prediction_text", "prompt_fields", "prompt_text"]
