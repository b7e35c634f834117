"""Settings: one frozen object, validated, passed explicitly; every field has its `ASSISTANT_…` variable."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from assistant.articles.limits import MAX_SENTENCES
from assistant.database_address import DatabaseAddress
from assistant.errors import AssistantError, StoreError
from assistant.settings_file import values_of_file

PACKAGE = Path(__file__).parent
CHECKOUT = PACKAGE.parent

Carefulness = Literal["low", "normal", "high"]


def default_library() -> Path:
    """Returns `index/` in a checkout, the user's data folder when installed."""
    if (CHECKOUT / "pyproject.toml").is_file() and (CHECKOUT / "index").is_dir():
        return CHECKOUT / "index"
    import platformdirs

    return Path(platformdirs.user_data_dir("article-assistant", appauthor=False))


def shipped(folder: str) -> Path:
    """Returns a folder that travels with the code: `prompts` or `articles`, from the checkout or the wheel."""
    in_checkout = {"prompts": CHECKOUT / "prompts", "articles": CHECKOUT / "index" / "articles"}[folder]
    return in_checkout if in_checkout.is_dir() else PACKAGE / "data" / folder


def library_of(place: str) -> Path | DatabaseAddress:
    """Returns what a text names as a library: a database by its address, else a folder."""
    return DatabaseAddress(place) if DatabaseAddress.is_one(place) else Path(place)


class Settings(BaseSettings):
    """What a user may choose. Reading it does no work; `Settings()` takes the environment, then the settings file, into account.

    Attributes:
        library: folder that holds `library.sqlite3` and `vectors.faiss`, or the address of a PostgreSQL database.
        library_replica: address of a PostgreSQL server that follows that of `library`, and is asked in its place; None for none.
        embedding_model: "" for the shipped model, else the name or path of a sentence-transformers model.
        language_model: "" for extractive answers, else a name that LangChain's `init_chat_model` opens.
        language_model_timeout_seconds: after that the extractive answer is given.
        carefulness: how sure the assistant must be to answer; "high" refuses more and errs less.
        k: sentences that `retrieve` returns when not told otherwise.
        n_threads: threads that run the models; 0 for one a core, at most 8.
        n_kept_readings: pieces of text whose reading, and questions whose vectors, are kept for when they are asked again; 0 for none.
        max_article_megabytes: larger files and texts are refused.
        max_article_sentences: articles with more are refused.
        max_question_characters: longer questions are cut to their end and beginning.
        busy_timeout_seconds: how long to wait for another writer of the library.
        allow_private_addresses: whether links to machines of one's own network may be fetched as well.
        open_to_all: whether the page may be served to other machines without a password.
        allowed_hosts: names that the page may be reached by beside localhost and IP addresses, separated by commas.
        trusted_proxies: IP addresses and networks, separated by commas, whose X-Forwarded-For and -Host headers count.
    """

    model_config = SettingsConfigDict(
        env_prefix="ASSISTANT_", frozen=True, extra="forbid", arbitrary_types_allowed=True
    )

    library: Path | DatabaseAddress = Field(default_factory=default_library)
    library_replica: DatabaseAddress | None = None
    embedding_model: str = ""
    language_model: str = ""
    language_model_timeout_seconds: float = Field(default=30.0, gt=0)
    carefulness: Carefulness = "normal"
    k: int = Field(default=5, ge=1, le=1000)
    n_threads: int = Field(default=0, ge=0, le=256)
    n_kept_readings: int = Field(default=2000, ge=0, le=1_000_000)
    max_article_megabytes: float = Field(default=30.0, gt=0)
    max_article_sentences: int = Field(default=MAX_SENTENCES, ge=1)
    max_question_characters: int = Field(default=2000, ge=50)
    busy_timeout_seconds: float = Field(default=10.0, ge=0)
    allow_private_addresses: bool = False
    open_to_all: bool = False
    allowed_hosts: str = ""
    trusted_proxies: str = ""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - what pydantic-settings gives
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Returns where settings come from: what is chosen wins over the environment, that over the file."""
        return init_settings, env_settings, _FileSource(settings_cls)

    @field_validator("library", "library_replica", mode="before")
    @classmethod
    def _address(cls, given: object) -> object:
        """Reads a database's address where there is one, before anything takes it for a path."""
        return DatabaseAddress(given) if isinstance(given, str) and DatabaseAddress.is_one(given) else given

    @field_validator("library")
    @classmethod
    def _at_home(cls, library: Path | DatabaseAddress) -> Path | DatabaseAddress:
        """Reads `~` as the home, wherever the path came from."""
        if isinstance(library, DatabaseAddress):
            return library
        try:
            return library.expanduser()
        except RuntimeError as error:
            raise ValueError(f"{library.parts[0]} is no user of this machine, whose home `~` could mean") from error

    @property
    def holds_sample(self) -> bool:
        """Whether this is the default library, which holds the sample article from the start; one chosen holds none."""
        return isinstance(self.library, Path) and self.library.resolve() == default_library().resolve()

    @property
    def folder(self) -> Path:
        """The library's folder. Raises StoreError if it is a database."""
        if isinstance(self.library, DatabaseAddress):
            raise StoreError(
                f"The library {self.library} is a database, and what was asked for works on a library in a folder. "
                "`assistant copy` copies one into the other; docs/postgres.md tells how a database is looked after."
            )
        return self.library

    @property
    def host_names(self) -> list[str]:
        """The names in `allowed_hosts`."""
        return [name.strip() for name in self.allowed_hosts.split(",") if name.strip()]

    @property
    def threads(self) -> int:
        """How many threads run the models."""
        return self.n_threads or max(1, min(8, len(os.sched_getaffinity(0)) if _HAS_AFFINITY else os.cpu_count() or 1))


class _FileSource(PydanticBaseSettingsSource):
    """The settings file, as pydantic-settings asks for it."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        """Returns nothing of one field: the file is read once for all."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """Returns what the file says."""
        return values_of_file(self.settings_cls.model_fields)[1]


def read_settings(**chosen: Any) -> Settings:
    """Returns the settings of the environment and the settings file, those chosen over them.

    Raises:
        AssistantError: if one has a value that is not allowed, or the file cannot be read or names what is no setting.
    """
    try:
        return Settings(**chosen)
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0])
        name = "ASSISTANT_" + field.upper()
        path, values = values_of_file(Settings.model_fields)
        if name not in os.environ and field not in chosen and field in values:
            name = f"`{field}` in {path}"
        if field == "library_replica":
            # What was meant to be an address may hold a password, and goes into no message.
            raise AssistantError(
                f"{name} is no address: expected postgresql://…. Correct it or leave it out."
            ) from None
        reason = first["msg"].removeprefix("Value error, ")
        raise AssistantError(f"{name} is {first['input']!r:.200}: {reason}. Correct it or leave it out.") from error


_HAS_AFFINITY = hasattr(os, "sched_getaffinity")
