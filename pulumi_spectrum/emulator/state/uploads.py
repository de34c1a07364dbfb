"""Pictures that were announced or uploaded for a profile."""

from __future__ import annotations

from pydantic import Base64Bytes

from pulumi_spectrum.emulator.errors import ConflictError, NotFoundError
from pulumi_spectrum.emulator.state.table import Item, new_id


class Upload(Item):
    """One upload of a picture.

    Args:
        key: Its name. It cannot be guessed, and is the only permission that an upload needs.
        content_type: The announced content type.
        line_id: The line whose profile the picture is for; None is the project's profile.
        content: The picture; None until it was uploaded.
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
        """Add an upload, to which the picture can be sent."""
        upload = Upload(key=new_id(), content_type=content_type, line_id=line_id)
        self._uploads[upload.key] = upload
        return upload

    def find(self, key: str) -> Upload | None:
        """Return the upload with this key."""
        return self._uploads.get(key)

    def receive(self, key: str, content: bytes) -> None:
        """Store the picture."""
        self._uploads[key] = self._uploads[key].model_copy(update={"content": content})

    def commit(self, key: str, line_id: str | None) -> Upload:
        """Return an uploaded picture. 404 when the key is not one of that profile, 409 before the upload."""
        upload = self._uploads.get(key)
        if upload is None or upload.line_id != line_id:
            raise NotFoundError("Upload")
        if upload.content is None:
            raise ConflictError("Nothing was uploaded to this key yet")
        return upload

    def load(self, uploads: list[Upload]) -> None:
        """Add the uploads of a saved state."""
        self._uploads |= {upload.key: upload for upload in uploads}

    def dump(self) -> list[Upload]:
        """Return every upload."""
        return list(self._uploads.values())
