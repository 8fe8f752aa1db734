# SPDX-License-Identifier: BSD-2-Clause
"""tools/mkrootfs: what is in the archive, checked with cpio(1) and with the program's own linker."""

import os
import pathlib
import shutil
import stat
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import elf_file  # noqa: E402
import program  # noqa: E402

pytestmark = pytest.mark.skipif(not shutil.which("cpio"), reason="cpio is not installed")

LIBRARY = "int seven(void) { return 7; }"
MAIN = "int seven(void); int main(void) { return seven() - 7; }"


def compile_c(path, text, *words):
    source = path.parent / (path.name + ".c")
    source.write_text(text)
    subprocess.run(["gcc", "-o", path, source, *words], check=True)


@pytest.fixture(name="hello")
def hello_fixture(tmp_path):
    """A program with a library of its own beside it, found by $ORIGIN."""
    (tmp_path / "lib").mkdir()
    compile_c(tmp_path / "lib/libseven.so.1.2", LIBRARY, "-shared", "-fPIC", "-Wl,-soname,libseven.so.1")
    (tmp_path / "lib/libseven.so.1").symlink_to("libseven.so.1.2")
    compile_c(tmp_path / "hello", MAIN, str(tmp_path / "lib/libseven.so.1"),
              "-Wl,-rpath,$ORIGIN/lib", "-Wl,--enable-new-dtags")
    return tmp_path / "hello"


def mkrootfs(*words, ok=True):
    done = subprocess.run([ROOT / "tools/mkrootfs", *map(str, words)], capture_output=True,
                          text=True, check=False)
    assert (done.returncode == 0) == ok, done.stderr
    return done.stderr if not ok else done.stdout


def unpack(archive, folder):
    folder.mkdir()
    command = "gzip -dc" if archive.name.endswith(".gz") else "cat"
    done = subprocess.run(f"{command} {archive} | cpio -idm --quiet", shell=True, cwd=folder,
                          capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    return folder


def test_a_program_finds_all_its_libraries_in_the_archive(hello, tmp_path):
    mkrootfs("-o", tmp_path / "a.cpio", hello)
    root = unpack(tmp_path / "a.cpio", tmp_path / "root")
    inside = pathlib.Path(str(root) + str(hello))
    linker = root / "lib64/ld-linux-x86-64.so.2"
    listed = subprocess.run([linker, "--inhibit-cache", "--library-path",
                             root / "usr/lib/x86_64-linux-gnu", "--list", inside],
                            capture_output=True, text=True, check=True).stdout
    paths = [line.split("=>")[1].split()[0] for line in listed.splitlines() if "=>" in line]
    assert len(paths) >= 2 and all(p.startswith(str(root)) for p in paths), listed
    assert subprocess.run([linker, "--library-path", root / "usr/lib/x86_64-linux-gnu", inside],
                          check=False).returncode == 0
    assert os.readlink(root / "init") == str(hello)
    assert os.readlink(inside.parent / "lib/libseven.so.1") == "libseven.so.1.2"


def test_what_programs_expect_is_there(hello, tmp_path):
    mkrootfs("-o", tmp_path / "a.cpio.gz", hello)
    root = unpack(tmp_path / "a.cpio.gz", tmp_path / "root")
    assert (root / "etc/passwd").read_text().startswith("root:x:0:0:")
    assert "hosts: files dns" in (root / "etc/nsswitch.conf").read_text()
    assert os.readlink(root / "etc/resolv.conf") == "/proc/net/pnp"
    assert os.readlink(root / "var/run") == "/run"
    assert stat.S_IMODE((root / "tmp").stat().st_mode) == 0o1777


def test_files_keep_modes_links_times_and_places(hello, tmp_path):
    data = tmp_path / "data"
    (data / "sub").mkdir(parents=True)
    (data / "sub/secret").write_text("s")
    os.chmod(data / "sub/secret", 0o640)
    os.utime(data / "sub/secret", (1000000000, 1000000000))
    (data / "link").symlink_to("sub/secret")
    (data / "empty").mkdir(mode=0o750)
    config = tmp_path / "my.conf"
    config.write_text("mine")
    mkrootfs("-o", tmp_path / "a.cpio", hello, data, f"{data}=/srv/www", f"{config}=/etc/passwd")
    root = unpack(tmp_path / "a.cpio", tmp_path / "root")
    for place in (pathlib.Path(str(root) + str(data)), root / "srv/www"):
        st = (place / "sub/secret").stat()
        assert (stat.S_IMODE(st.st_mode), int(st.st_mtime)) == (0o640, 1000000000)
        assert os.readlink(place / "link") == "sub/secret"
        assert stat.S_IMODE((place / "empty").stat().st_mode) == 0o750
    assert (root / "etc/passwd").read_text() == "mine"  # the user's before ours


def test_links_out_of_a_folder_are_followed(hello, tmp_path):
    """To plain files only, and not when the program's archive has something else there."""
    enabled, available = tmp_path / "modules-enabled", tmp_path / "modules-available"
    enabled.mkdir()
    available.mkdir()
    (available / "echo.conf").write_text("load")
    (enabled / "50-echo.conf").symlink_to(available / "echo.conf")
    (enabled / "broken").symlink_to("nowhere")
    (enabled / "folder").symlink_to(available)
    (enabled / "passwd").symlink_to("/etc/passwd")
    config = tmp_path / "my.conf"
    config.write_text("mine")
    mkrootfs("-o", tmp_path / "a.cpio", hello, f"{config}=/etc/passwd", enabled)
    root = unpack(tmp_path / "a.cpio", tmp_path / "root")
    inside = pathlib.Path(str(root) + str(available))
    assert (inside / "echo.conf").read_text() == "load"
    assert os.listdir(inside) == ["echo.conf"]
    for name in ("broken", "folder"):
        assert (pathlib.Path(str(root) + str(enabled)) / name).is_symlink()
    assert (root / "etc/passwd").read_text() == "mine"


def test_make_keeps_the_dollar_signs_of_a_program():
    """PROGRAM arrives as it was typed, from make's command line and from the environment."""
    line = "sh -c 'echo $HOME $(pwd) $$'"
    makefile = "include tools/tools.mk\nshow:\n\t@printenv PROGRAM\n"
    done = subprocess.run(["make", "-s", "-f", "-", "show", f"PROGRAM={line}"], input=makefile,
                          cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == line + "\n"
    done = subprocess.run(["make", "-s", "-f", "-", "show"], input=makefile, cwd=ROOT,
                          capture_output=True, text=True, check=True,
                          env={**os.environ, "PROGRAM": line})
    assert done.stdout == line + "\n"


def test_a_static_program_needs_no_library(tmp_path):
    compile_c(tmp_path / "static", "int main(void) { return 0; }", "-static")
    mkrootfs("-o", tmp_path / "a.cpio", tmp_path / "static")
    names = subprocess.run(["cpio", "-it", "--quiet"], stdin=open(tmp_path / "a.cpio", "rb"),
                           capture_output=True, text=True, check=True).stdout.split()
    assert not [n for n in names if ".so" in n]
    assert subprocess.run([tmp_path / "static"], check=False).returncode == 0


def test_a_link_to_a_program_is_followed(hello, tmp_path):
    (tmp_path / "other").symlink_to("hello")
    mkrootfs("-o", tmp_path / "a.cpio", tmp_path / "other")
    root = unpack(tmp_path / "a.cpio", tmp_path / "root")
    assert os.readlink(root / "init") == str(tmp_path / "other")
    assert os.readlink(str(root) + str(tmp_path / "other")) == "hello"
    assert os.path.isfile(str(root) + str(hello))


@pytest.mark.parametrize("what, says", [
    (["no-such-program-here"], "no program 'no-such-program-here'"),
    (["{tmp}/script"], "is not an ELF program"),
    (["{tmp}/hello", "{tmp}/missing"], "no such file or folder"),
])
def test_errors_are_told(hello, tmp_path, what, says):
    (tmp_path / "script").write_text("#!/bin/sh\n")
    (tmp_path / "script").chmod(0o755)
    words = [w.format(tmp=tmp_path) for w in what]
    assert says in mkrootfs("-o", tmp_path / "a.cpio", *words, ok=False)
    assert not (tmp_path / "a.cpio").exists()


def test_a_missing_library_is_told(hello, tmp_path):
    (tmp_path / "lib/libseven.so.1").unlink()
    assert "needs libseven.so.1" in mkrootfs("-o", tmp_path / "a.cpio", hello, ok=False)


def test_the_cache_of_ldconfig_is_read():
    cache = elf_file.read_ld_cache()
    assert cache.get("libc.so.6", "").endswith("/libc.so.6")
    assert elf_file.read_ld_cache("/nonexistent") == {}


def test_arguments_reach_the_command_line(hello, tmp_path):
    p = program.prepare(f"{hello} --save '' 'two words' plain", [], str(tmp_path / "cache"))
    assert p.append == f"rdinit={hello}"
    assert p.args == '--save "" "two words" plain'
    with pytest.raises(program.CannotRun, match="double quote"):
        program.prepare(f"{hello} 'a\"b'", [], str(tmp_path / "cache"))
    with pytest.raises(program.CannotRun, match="empty"):
        program.prepare("", [], str(tmp_path / "cache"))


def test_an_archive_is_used_again_until_a_file_changes(hello, tmp_path):
    cache = str(tmp_path / "cache")
    (tmp_path / "conf").write_text("one")
    first = program.prepare(str(hello), [str(tmp_path / "conf")], cache).initrd
    made = os.stat(first).st_ino
    assert program.prepare(str(hello), [str(tmp_path / "conf")], cache).initrd == first
    assert os.stat(first).st_ino == made
    (tmp_path / "conf").write_text("three")
    program.prepare(str(hello), [str(tmp_path / "conf")], cache)
    assert os.stat(first).st_ino != made
    assert program.prepare(str(hello), [], cache).initrd != first


def test_ports_of_known_servers():
    assert program.ports_of("/usr/bin/redis-server", ["--port", "7000"]) == [7000]
    assert program.ports_of("/usr/bin/memcached", ["-u", "root"]) == [11211]
    assert program.ports_of("/usr/bin/other", ["-p", "1"]) == []
