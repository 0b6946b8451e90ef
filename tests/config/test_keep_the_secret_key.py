from concurrent.futures import ThreadPoolExecutor

import pytest

from salesmode.kernel.keys import MissingKey, WeakKey, secret_key


@pytest.fixture(autouse=True)
def _no_key_in_the_environment(monkeypatch):
    monkeypatch.delenv("SALESMODE_SECRET_KEY", raising=False)


def test_first_starts_at_once_agree_on_one_key(tmp_path):
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(secret_key, [tmp_path] * 64))
    assert len(keys) == 1
    assert len(keys.pop()) > 60
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["secret_key"]
    assert (tmp_path / "keys" / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("weak", ["short", "a" * 64, "django-insecure-0123456789abcdefghijklmnop", "changeme" * 8])
def test_a_known_or_short_key_is_refused(weak, tmp_path, monkeypatch):
    monkeypatch.setenv("SALESMODE_SECRET_KEY", weak)
    with pytest.raises(WeakKey):
        secret_key(tmp_path)


def test_a_key_that_is_missing_beside_a_database_is_not_made_anew_unasked(tmp_path):
    (tmp_path / "postgres").mkdir()

    with pytest.raises(MissingKey, match="bring it back from a backup"):
        secret_key(tmp_path)
    assert not (tmp_path / "keys").exists()

    (tmp_path / "keys").mkdir()
    assert secret_key(tmp_path)
