"""What an installation without any configuration keeps for itself."""

import os
import secrets
import tempfile
from pathlib import Path


def kept_secret(folder: Path) -> str:
    """The installation's key: made once, kept in `folder/secret-key`, for its owner's eyes only.

    Written beside and linked into place, so that another process never reads half of it.
    """
    place = folder / "secret-key"
    if not place.exists():
        handle, draft = tempfile.mkstemp(dir=folder)  # mode 0600
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(60))
        try:
            os.link(draft, place)
        except FileExistsError:
            pass  # another process was first; its key counts
        finally:
            os.unlink(draft)
    return place.read_text().strip()
