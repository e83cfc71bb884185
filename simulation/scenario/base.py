"""Give every value object of a scenario the same manners: frozen, closed, hashed by content."""

import hashlib
import json
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A frozen value object that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True)
    NOT_HASHED: ClassVar[dict[str, Any]] = {}
    """Fields that say where the object was found, not what it is; as pydantic's `exclude` takes them."""

    def content_hash(self) -> str:
        """Return a hash of the content, the same for equal content on every machine (64 hexadecimal digits).

        File names, comments and the order of keys do not count.
        """
        content = self.model_dump(mode="json", by_alias=True, exclude=self.NOT_HASHED)
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()
