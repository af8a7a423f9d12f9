"""Install pinned packages into .venv: `python3 tools/install.py requirements.txt`, or `… --node` for Node.js where it is missing.

Runs under the machine's own Python, before anything is installed: standard library only, and readable by an old Python 3, so that
one gets a sentence instead of a syntax error.

Ways in, the first that works: a virtual environment with its own pip; one without (Debian splits it off) filled by the machine's pip or
uv. Packages come through uv, which is ten times faster, else through pip; every file is checked against its hash, no compiler is used.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
UV = PYTHON.with_name("uv")
STRICT = ["--require-hashes", "--only-binary", ":all:"]
NODE_AT_LEAST = 20


def main(arguments):
    if sys.version_info < (3, 11):  # noqa: UP036 whoever runs this may have an older one
        stop(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Name another with: make PY=python3.12 …")
    if arguments == ["--node"]:
        if not node_is_there():
            install(ROOT / "frontend" / "requirements-node.txt")
        return
    create_environment()
    for name in arguments:
        install(ROOT / name)


def create_environment():
    if works([PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]):
        return
    has_pip = works([sys.executable, "-c", "import ensurepip"])
    if not has_pip and pip() is None and outer_uv() is None:
        stop("This Python has neither venv nor pip. Install them (Debian, Ubuntu: apt-get install python3-venv), then run make again.")
    shutil.rmtree(VENV, ignore_errors=True)
    run([sys.executable, "-m", "venv", VENV] if has_pip else [sys.executable, "-m", "venv", "--without-pip", VENV])


def install(requirements):
    """Through uv; through pip when uv cannot be had or fails (say, a registry behind a proxy that only pip is told of)."""
    uv = uv_program()
    if uv is not None:
        if works([uv, "pip", "install", "--quiet", "--python", PYTHON, *STRICT, "-r", requirements], show=True):
            return
        print(f"uv could not install {requirements.name}; trying pip.", flush=True)
    command = pip()
    if command is None:
        stop("No pip to install with. Install it (Debian, Ubuntu: apt-get install python3-venv), remove .venv and run make again.")
    run([*command, "install", "--quiet", *STRICT, "-r", requirements])


def uv_program():
    if not works([UV, "--version"]):
        command = pip()
        if command is not None:
            works([*command, "install", "--quiet", *STRICT, "-r", ROOT / "tools" / "requirements-uv.txt"], show=True)
    return UV if works([UV, "--version"]) else outer_uv()


def outer_uv():
    return shutil.which("uv")


def pip():
    """The environment's own pip, else the machine's, told to work on the environment (pip 22.3 and later)."""
    if works([PYTHON, "-m", "pip", "--version"]):
        return [PYTHON, "-m", "pip", "--disable-pip-version-check"]
    if works([sys.executable, "-m", "pip", "--version"]):
        return [sys.executable, "-m", "pip", "--python", PYTHON, "--disable-pip-version-check"]
    return None


def node_is_there():
    if shutil.which("npm") is None:  # Debian's nodejs comes without it
        return False
    return works(["node", "-e", f"process.exit(parseInt(process.versions.node) >= {NODE_AT_LEAST} ? 0 : 1)"])


def works(command, show=False):
    """show: let the command's own words be seen."""
    output = None if show else subprocess.DEVNULL
    try:
        words = [str(word) for word in command]
        return subprocess.run(words, stdout=output, stderr=output, check=False).returncode == 0  # noqa: S603 the words are ours
    except OSError:
        return False


def run(command):
    words = [str(word) for word in command]
    code = subprocess.run(words, check=False).returncode  # noqa: S603 the words are ours
    if code != 0:
        stop("This failed, and its words above say why: {}".format(" ".join(words)))


def stop(sentence):
    sys.exit(sentence)


if __name__ == "__main__":
    main(sys.argv[1:])
