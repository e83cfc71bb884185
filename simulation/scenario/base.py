"""Give every value object of a scenario the same manners: frozen, closed to unknown keys, hashed by content."""

import hashlib
import json

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A frozen value object that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True)

    def content_hash(self) -> str:
        """Return a hash of the content, the same for equal content on every machine (64 hexadecimal digits)."""
        text = json.dumps(self.model_dump(mode="json", by_alias=True), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()
