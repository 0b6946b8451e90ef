import io

import pytest

from salesmode.kernel import assets


def test_a_package_that_is_not_the_locked_one_is_refused(monkeypatch):
    monkeypatch.setattr(assets.urllib.request, "urlopen", lambda *_, **__: io.BytesIO(b"something else"))
    with pytest.raises(assets.AssetsMissing, match="its sha512 differs"):
        assets._fetch("htmx.org", {"version": "2.0.0", "integrity": "sha512-AAAA"})


def test_the_files_are_few_and_small_and_nothing_is_missing():
    assets.ensure()
    kept = {file.name for file in assets.VENDOR.iterdir()}
    assert {target for files in assets.KEPT.values() for target in files.values()} | {"icons.svg"} <= kept
    assert sum(file.stat().st_size for file in assets.VENDOR.iterdir()) < 3_000_000


def test_the_registry_of_the_machine_is_used(monkeypatch, tmp_path):
    monkeypatch.delenv("NPM_CONFIG_REGISTRY", raising=False)
    monkeypatch.delenv("npm_config_registry", raising=False)
    (tmp_path / "npmrc").write_text("fund=false\nregistry = https://mirror.example/npm/\n")
    monkeypatch.setenv("NPM_CONFIG_USERCONFIG", str(tmp_path / "npmrc"))
    assert assets.registry() == "https://mirror.example/npm"
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "https://other.example/")
    assert assets.registry() == "https://other.example"


def test_the_lock_names_no_host():
    assert "resolved" not in assets.LOCK.read_text()


def test_a_versioned_file_is_kept_for_good_and_comes_compressed(client, db):
    from django.templatetags.static import static

    address = static("vendor/htmx.min.js")
    assert "?v=" in address
    answer = client.get(address, headers={"accept-encoding": "gzip"})
    assert "immutable" in answer["Cache-Control"]
    assert answer["Content-Encoding"] == "gzip"
    assert "immutable" not in client.get(address.split("?")[0])["Cache-Control"]
