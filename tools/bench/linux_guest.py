# SPDX-License-Identifier: BSD-2-Clause
"""The Linux guest that Barewire is measured beside: Debian's cloud kernel and a small initramfs.

The kernel package is downloaded by apt and unpacked below build/bench, never installed.  The
initramfs holds busybox, the virtio modules and the programs of apps/, compiled from the same source
for Linux.  /init takes the same words as Barewire: ip=ADDRESS::GATEWAY:NETMASK::eth0:off, app=NAME, and the
program's own after `--`; it powers off when the program ends.
"""

import glob
import gzip
import os
import re
import shutil
import subprocess

PACKAGE = "linux-image-cloud-amd64"
# What a virtio NIC over PCI needs; what these depend on is loaded before them.
MODULES = ("virtio_pci", "virtio_net")

INIT = """\
#!/bin/sh
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev 2>/dev/null
for m in @MODULES@; do insmod /modules/$m.ko; done
ip link set lo up
app=httpd
address=
for word in $(cat /proc/cmdline); do
	case $word in
	--) break ;;
	app=*) app=${word#app=} ;;
	ip=*) address=${word#ip=} ;;
	esac
done
ip link set eth0 up
IFS=:
set -- $address
IFS=' '
if [ -n "$1" ]; then
	ifconfig eth0 "$1" netmask "$4"
	[ -z "$3" ] || ip route add default via "$3"
fi
ulimit -n 4096
arguments=$(sed -n 's/.* -- //p' /proc/cmdline)
/apps/$app $arguments
echo "init: $app ended with $?"
poweroff -f
"""


def run(command, **kw):
    """Run a command; its output is shown only when it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **kw)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}")
    return done.stdout


def kernel_package():
    """The versioned package that Debian's meta package stands for now."""
    text = run(["apt-cache", "depends", PACKAGE])
    found = re.search(r"Depends: (linux-image-\S+)", text)
    if not found:
        raise RuntimeError(f"apt-cache knows no {PACKAGE}: run apt-get update")
    return found.group(1)


def fetch_kernel(where):
    """Download and unpack the kernel once; gives (vmlinuz, folder of modules)."""
    folder = os.path.join(where, "linux")
    if not glob.glob(folder + "/boot/vmlinuz-*"):
        os.makedirs(where, exist_ok=True)
        package = kernel_package()
        print(f"bench: downloading {package}", flush=True)
        run(["apt-get", "-q", "download", package], cwd=where)
        deb, = glob.glob(f"{where}/{package}_*.deb")
        run(["dpkg-deb", "-x", deb, folder + ".new"])
        shutil.rmtree(folder, ignore_errors=True)
        os.rename(folder + ".new", folder)
        os.unlink(deb)
    vmlinuz, = glob.glob(folder + "/boot/vmlinuz-*")
    modules, = glob.glob(folder + "/lib/modules/*")
    return vmlinuz, modules


def module_bytes(modules, name):
    """A module's object; newer packages compress it."""
    for suffix, reader in (("", lambda p: open(p, "rb").read()),
                           (".xz", lambda p: subprocess.check_output(["xz", "-dc", p]))):
        found = glob.glob(f"{modules}/kernel/**/{name}.ko{suffix}", recursive=True)
        if found:
            return reader(found[0])
    raise RuntimeError(f"no module {name} below {modules}")


def module_objects(modules, names):
    """{name: object} of the modules and all they depend on, in the order of loading."""
    found = {}

    def want(name):
        if name in found:
            return
        data = module_bytes(modules, name)
        depends = re.search(rb"\0depends=([^\0]*)\0", data).group(1).decode()
        for other in filter(None, depends.split(",")):
            want(other)
        found[name] = data

    for name in names:
        want(name)
    return found


class Cpio:
    """Writes the `newc` archive that the kernel unpacks as its first root file system."""

    def __init__(self):
        self.parts = []
        self.inode = 1

    def add(self, name, mode, data=b""):
        fields = (self.inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
        head = b"070701" + b"".join(b"%08X" % f for f in fields) + name.encode() + b"\0"
        self.parts.append(head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4))
        self.inode += 1

    def folder(self, name):
        self.add(name, 0o040755)

    def file(self, name, data, mode=0o755):
        self.add(name, 0o100000 | mode, data)

    def link(self, name, target):
        self.add(name, 0o120777, target.encode())

    def bytes(self):
        self.add("TRAILER!!!", 0)
        return b"".join(self.parts)


def build_initramfs(modules, programs, path):
    """programs is {name: path of a static executable}."""
    archive = Cpio()
    for folder in ("bin", "apps", "modules", "proc", "sys", "dev", "etc"):
        archive.folder(folder)
    with open("/bin/busybox", "rb") as f:
        archive.file("bin/busybox", f.read())
    for applet in ("sh", "mount", "insmod", "ip", "ifconfig", "cat", "sed", "poweroff", "echo"):
        archive.link(f"bin/{applet}", "busybox")
    objects = module_objects(modules, MODULES)
    for name, data in objects.items():
        archive.file(f"modules/{name}.ko", data, 0o644)
    for name, program in programs.items():
        with open(program, "rb") as f:
            archive.file(f"apps/{name}", f.read())
    archive.file("init", INIT.replace("@MODULES@", " ".join(objects)).encode())
    with gzip.GzipFile(path, "wb", mtime=0) as out:
        out.write(archive.bytes())


def build_programs(root):
    """Compile apps/ for Linux: {name: static executable, stripped}."""
    run(["make", "-s", "-C", root, "linux-apps"])
    built = {}
    for path in sorted(glob.glob(os.path.join(root, "build/linux/*"))):
        if os.access(path, os.X_OK) and os.path.isfile(path):
            stripped = os.path.join(root, "build/bench", os.path.basename(path))
            os.makedirs(os.path.dirname(stripped), exist_ok=True)
            run(["strip", "-o", stripped, path])
            built[os.path.basename(path)] = stripped
    return built
