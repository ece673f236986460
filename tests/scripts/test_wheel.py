"""A wheel in an environment that has nothing else of the project indexes, searches and serves."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
import urllib.request
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEWSROOM = ROOT / "examples" / "newsroom"
PARTS = ("index", "search", "webui", "scripts")


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    # Neither the clone nor whatever this process sees is to be seen.
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command,
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=cwd,
        env={**clean, **environment},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def timbao(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[str | Path]]:
    """The command as installed from a wheel that was made where nothing can be compiled.

    The libraries are those of the tests; compiling PyICU anew takes minutes.
    """
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in (*PARTS, "pyproject.toml", "setup.py", "README.md", "LICENSE"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, source / name)
    for made in (*source.rglob("*.so"), *source.rglob("compiled*.c")):
        made.unlink()
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    build = ("wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", folder, ".")
    run(*pip, *build, cwd=source, CC="false", CXX="false")
    (wheel,) = folder.glob("timbao-*.whl")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    install = ("install", "--no-deps", "--no-index", wheel)
    run(*pip, "--python", python, *install, cwd=folder)
    (packages,) = (folder / "venv" / "lib").glob("python3*/site-packages")
    (packages / "libraries.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    return lambda verb, *arguments: [folder / "venv" / "bin" / "timbao", verb, *arguments]


def test_a_wheel_without_compiled_parts_indexes_searches_and_serves(
    timbao: Callable[..., list[str | Path]], tmp_path: Path
) -> None:
    python = timbao("")[0].parent / "python"  # type: ignore[union-attr]  # a path
    where = run(python, "-c", "import index, search, webui; print(index.__file__)", cwd=tmp_path)
    assert str(ROOT) not in where
    assert "site-packages" in where
    assert not [*Path(where.strip()).parent.rglob("*.so")]
    index_dir = tmp_path / "index"
    run(*timbao("rebuild_index", "--index", index_dir, NEWSROOM), cwd=tmp_path)
    run(*timbao("rebuild_index", "--index", index_dir, "--check"), cwd=tmp_path)
    assert run(*timbao("search", "--index", index_dir, "gia vang"), cwd=tmp_path)
    with subprocess.Popen(
        timbao("serve", "--index", index_dir, "--port", "0", "--workers", "1"),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=tmp_path,
    ) as server:
        try:
            assert server.stdout is not None
            url = server.stdout.readline().split()[2]
            for path in ("/search?q=gia+vang", "/embed.js", "/about", "/manifest.webmanifest"):
                with urllib.request.urlopen(url + path, timeout=60) as answer:
                    assert answer.status == 200
                    assert answer.read()
        finally:
            server.terminate()
