"""An address of a database never shows its password, however it is written."""

from __future__ import annotations

import pytest

from assistant.database_address import DatabaseAddress
from assistant.errors import AssistantError
from assistant.settings import Settings, library_of, read_settings


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ann:s3cret@db:5433/x", "postgresql://ann:***@db:5433/x"),
        ("postgresql://ann@db/x", "postgresql://ann@db/x"),
        ("postgres:///x?host=/run/pg", "postgres:///x?host=/run/pg"),
        ("postgresql://db/x?user=ann&password=s3cret", "postgresql://db/x?user=ann"),
        ("postgresql://ann:p@s3cret:1/y@db/x", "postgresql://ann:***@db/x"),
        ("postgresql://ann:s3cret@[db/x", "postgresql://ann:***@…"),
    ],
)
def test_it_is_shown_without_its_password(url: str, shown: str) -> None:
    address = DatabaseAddress(url)
    assert str(address) == shown
    assert repr(address) == f"DatabaseAddress({shown!r})"
    assert address == DatabaseAddress(url)
    assert address != DatabaseAddress(url + "y")


def test_pieces_of_a_password_are_hidden_in_what_others_say() -> None:
    address = DatabaseAddress("postgresql://ann:fir%40stop@second:third@db/x")
    told = 'could not translate host name "second:third", nor fir@stop, nor third'
    assert address.hide(told) == 'could not translate host name "***:***", nor ***@***, nor ***'


def test_settings_take_an_address_and_print_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_LIBRARY", "postgresql://ann:s3cret@db/x")
    monkeypatch.setenv("ASSISTANT_LIBRARY_REPLICA", "postgresql://ann:s3cret@replica/x")
    settings = Settings()
    assert settings.library == DatabaseAddress("postgresql://ann:s3cret@db/x")
    assert "replica/x" in repr(settings)
    assert "s3cret" not in repr(settings) + str(settings.model_dump())
    assert not settings.holds_sample
    assert Settings(**settings.model_dump()) == settings
    with pytest.raises(AssistantError, match=r"ann:\*\*\*@db/x is a database") as raised:
        _ = settings.folder
    assert "s3cret" not in str(raised.value)
    assert library_of("postgresql://h/x") == DatabaseAddress("postgresql://h/x")


def test_a_replica_that_is_no_address_is_refused_without_a_word_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_LIBRARY_REPLICA", "mysql://ann:s3cret@db/x")
    with pytest.raises(AssistantError, match="ASSISTANT_LIBRARY_REPLICA is no address") as raised:
        read_settings()
    assert "s3cret" not in str(raised.value)
