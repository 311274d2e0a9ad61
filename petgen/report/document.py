"""A case as a document to keep: one HTML file and one PDF that say the same."""

from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from petgen.case import InputError, Synthesis
from petgen.imaging import volume_bytes
from petgen.report.content import content_of
from petgen.report.description import description_of
from petgen.report.parts import Content
from petgen.report.pdf import pdf_bytes


class Report(NamedTuple):
    """The bytes of both files."""

    html: bytes
    pdf: bytes


def make_report(synthesis: Synthesis, made: datetime | None = None) -> Report:
    """The report of a case.

    Args:
        synthesis: The case.
        made: When, aware; now when None.
    """
    when = (made or datetime.now(UTC)).astimezone(UTC)
    checksum = sha256(volume_bytes(synthesis.suvr, description_of(synthesis.result))).hexdigest()
    content = content_of(synthesis, made=f"{when:%Y-%m-%d %H:%M} UTC", checksum=checksum)
    return Report(_html(content), pdf_bytes(content))


def write_report(synthesis: Synthesis, folder: Path) -> list[Path]:
    """Writes `report.html` and `report.pdf`.

    Args:
        synthesis: The case.
        folder: Made when it is not there.

    Raises:
        InputError: The folder cannot be written.
    """
    made = make_report(synthesis)
    files = [folder / "report.html", folder / "report.pdf"]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in zip(files, made, strict=True):
            file.write_bytes(content)
    except OSError as error:
        raise InputError(f"cannot write ({error.strerror})", where=str(folder), mend="Choose another --out.") from None
    return files


def _html(content: Content) -> bytes:
    from jinja2 import Environment, PackageLoader

    environment = Environment(loader=PackageLoader("petgen.report"), autoescape=True, trim_blocks=True)
    environment.filters["base64"] = lambda png: b64encode(png).decode()
    return environment.get_template("report.html").render(content=content).encode()
