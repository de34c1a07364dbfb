"""Pictures on their way to a profile."""

from __future__ import annotations

from pydantic import Base64Bytes

from pulumi_spectrum.emulator.errors import ConflictError, NotFoundError
from pulumi_spectrum.emulator.state.table import Item, new_id


class Upload(Item):
    """A place to put a picture.

    Args:
        key: Its name, which nobody can guess: who knows it may write there.
        content_type: The type that was announced.
        line_id: The line that the picture is for; None is the project.
        content: The picture; None until it was put there.
    """

    key: str
    content_type: str
    line_id: str | None = None
    content: Base64Bytes | None = None


class Uploads:
    """The uploads of one project."""

    def __init__(self) -> None:
        self._uploads: dict[str, Upload] = {}

    def begin(self, content_type: str, line_id: str | None) -> Upload:
        """Prepare a place for a picture."""
        upload = Upload(key=new_id(), content_type=content_type, line_id=line_id)
        self._uploads[upload.key] = upload
        return upload

    def find(self, key: str) -> Upload | None:
        """Return the upload with this key."""
        return self._uploads.get(key)

    def receive(self, key: str, content: bytes) -> None:
        """Take the picture in."""
        self._uploads[key] = self._uploads[key].model_copy(update={"content": content})

    def commit(self, key: str, line_id: str | None) -> Upload:
        """Return the picture that is to be adopted, or answer why it cannot be."""
        upload = self._uploads.get(key)
        if upload is None or upload.line_id != line_id:
            raise NotFoundError("Upload")
        if upload.content is None:
            raise ConflictError("Nothing was uploaded to this key yet")
        return upload

    def load(self, uploads: list[Upload]) -> None:
        """Take over uploads of an earlier run."""
        self._uploads |= {upload.key: upload for upload in uploads}

    def dump(self) -> list[Upload]:
        """Return every upload."""
        return list(self._uploads.values())
