"""pyproject.toml, the lock files and environment.yml say the same; nothing in them names a machine."""

import json
import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
LOCKS = {"requirements.lock": ("lab", "test", "build"), "requirements-integration.lock": ("lab", "test", "build", "integration", "dask")}
# Where conda-forge's name is another than PyPI's.
PYPI_NAME = {"ibis-duckdb": "ibis-framework", "matplotlib-base": "matplotlib", "playwright-python": "playwright", "python-duckdb": "duckdb"}
# Known vulnerabilities below these.
SAFE_FLOORS = {
    "jupyterlab": "4.6",
    "papermill": "2.7",
    "pandas": "3.1",
    "scikit-learn": "1.9",
    "seaborn": "0.13.2",
    "nbconvert": "7.17.2",
    "nbclient": "0.11",
    "jupyter-server": "2.20",
}
# Addresses, index options and absolute paths (Unix, Windows, home): none may stand in a committed lock.
MACHINE = re.compile(
    r"://|file:|--(?:extra-)?index|--find-links|--trusted-host|--no-index|(?:^|[\s=\"'@])(?:/\w|~|[A-Za-z]:[\\/])|\\\w", re.MULTILINE
)


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def project():
    return tomllib.loads(read("pyproject.toml"))["project"]


def wanted(*extras):
    """Return {PyPI name: Requirement} of the runtime dependencies and the extras named."""
    texts = [*project()["dependencies"], *(t for e in extras for t in project()["optional-dependencies"][e])]
    return {canonicalize_name(r.name): r for r in map(Requirement, texts)}


def locked(name):
    """Return {PyPI name: (version, number of hashes)}."""
    pins = {}
    for block in re.split(r"\n(?=[a-z0-9])", "\n" + read(name))[1:]:
        pin = re.match(r"([a-z0-9._-]+)(?:\[[a-z,]+\])?==(\S+)", block)
        assert pin, f"{name}: not a pin: {block.splitlines()[0]}"
        package = canonicalize_name(pin[1])
        assert package not in pins, f"{name}: {package} is pinned twice"
        pins[package] = (Version(pin[2]), len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", block)))
    return pins


def conda_lines():
    """Return the lines of environment.yml's dependencies, and of its pip section what conda-forge does not have."""
    text = read("environment.yml").split("\ndependencies:\n")[1]
    conda_part, pip_part = text.split("  - pip:\n")
    lines = conda_part.splitlines() + [line[4:] for line in pip_part.splitlines() if not line.strip().startswith("- -e")]
    return [line for line in lines if line.strip() and not line.strip().startswith("#")]


def conda():
    """Return {PyPI name: SpecifierSet} of environment.yml."""
    names = {}
    for line in conda_lines():
        name, limits = re.match(r"  - ([A-Za-z0-9._-]+) ?([^ #]*)", line).groups()
        names[canonicalize_name(PYPI_NAME.get(name, name))] = SpecifierSet(limits)
    return names


def floor(specifiers):
    """Return the lowest version a specifier set admits."""
    floors = [Version(s.version) for s in specifiers if s.operator == ">="]
    assert len(floors) == 1, f"one '>=' wanted, got {str(specifiers)!r}"
    return floors[0]


def test_every_dependency_has_a_floor_and_no_known_vulnerability():
    requirements = wanted("lab", "test", "build", "integration", "dask")
    for requirement in requirements.values():
        floor(requirement.specifier)
        assert requirement.url is None
    for name, lowest in SAFE_FLOORS.items():
        assert floor(requirements[name].specifier) >= Version(lowest), name


@pytest.mark.parametrize(("lock", "extras"), LOCKS.items())
def test_lock_holds_every_dependency_in_a_version_that_fits(lock, extras):
    pins = locked(lock)
    for name, requirement in wanted(*extras).items():
        assert name in pins, f"{name} is missing in {lock}: run `make lock`"
        version, _ = pins[name]
        assert requirement.specifier.contains(version), f"{lock} has {name} {version}, wanted: {requirement}"


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_has_hashes_for_each_pin(lock):
    pins = locked(lock)
    assert len(pins) > 100
    assert [name for name, (_, hashes) in pins.items() if hashes == 0] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_machine(lock):
    # A backslash at the end of a line continues it; everything else is looked at.
    text = re.sub(r" \\$", "", read(lock), flags=re.MULTILINE)
    assert [m.group() for m in MACHINE.finditer(text)] == []


@pytest.mark.parametrize("text", ["# uv pip compile /home/x/p.toml", "--index-url x", "a @ file:b", "-f ~/w", "https://x", r"C:\w"])
def test_a_machine_would_be_noticed(text):
    assert MACHINE.search(text)


def test_integration_lock_is_the_main_lock_and_more():
    main, more = map(locked, LOCKS)
    assert {name: more.get(name) for name in main} == main
    assert {"psycopg", "pyspark", "distributed"} <= set(more) - set(main)


def test_conda_has_the_same_dependencies():
    wanted_names = set(wanted("lab", "test", "build"))
    assert set(conda()) == wanted_names | {"python", "pip"}


def test_conda_floors_are_not_lower():
    names = conda()
    for name, requirement in wanted("lab", "test", "build").items():
        assert floor(names[name]) >= floor(requirement.specifier), name
    assert floor(names["python"]) >= floor(SpecifierSet(project()["requires-python"]))


def test_locked_versions_are_versions_conda_may_choose():
    names = conda()
    for name, (version, _) in locked("requirements.lock").items():
        assert name not in names or names[name].contains(version), f"{name} {version}"


def test_every_line_of_environment_says_what_uses_it():
    lines = re.findall(r"^ +- (?!pip:|conda-forge$).*$", read("environment.yml"), flags=re.MULTILINE)
    assert len(lines) > 30
    assert [line for line in lines if not re.search(r"  # \w.{6,}", line)] == []


def test_environment_names_only_what_is_there():
    named = re.findall(r"(?:helpers|tests)/[\w/.]*\w", read("environment.yml"))
    assert len(named) > 20
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_build_requirements_are_locked():
    pins = locked("requirements.lock")
    for text in tomllib.loads(read("pyproject.toml"))["build-system"]["requires"]:
        requirement = Requirement(text)
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)][0])


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built with what is installed: no network."""
    place = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", place], cwd=ROOT, check=True, capture_output=True)
    (path,) = place.glob("aim_workbook-*.whl")
    return path


def files_below(folder, pattern="**/*"):
    return {
        path.relative_to(ROOT).as_posix() for path in (ROOT / folder).glob(pattern) if path.is_file() and "__pycache__" not in path.parts
    }


def test_wheel_carries_helpers_notebooks_and_the_sample_and_nothing_else(wheel):
    sample = {name for name in files_below("data/sample/office-interiors") if "truth" not in name.lower()}
    carried = {f"aim_workbook/{name}" for name in sample | files_below("notebooks", "*.ipynb")}
    names = set(zipfile.ZipFile(wheel).namelist())
    assert len(sample) > 4
    assert {name for name in names if ".dist-info/" not in name} == files_below("helpers") | carried
    assert wheel.stat().st_size < 2_000_000


def test_lab_is_an_extra_that_the_wheel_does_without(wheel):
    (name,) = (name for name in zipfile.ZipFile(wheel).namelist() if name.endswith("/METADATA"))
    needs = re.findall(r"^Requires-Dist: ([\w-]+).*?(extra == .*)?$", zipfile.ZipFile(wheel).read(name).decode(), flags=re.MULTILINE)
    extra = {canonicalize_name(package): condition for package, condition in needs}
    assert all("lab" in extra[package] for package in ("jupyterlab", "jupyter-server", "ipywidgets"))
    assert not extra["papermill"]


@pytest.fixture
def installed(wheel, tmp_path):
    """The command of an installed wheel, beside packages that are there already, of which those of JupyterLab seem absent."""
    venv.create(tmp_path / "venv", symlinks=os.name != "nt")
    scripts = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        scripts / "python",
        "install",
        "-qq",
        "--no-deps",
        "--no-index",
        "--no-compile",
        wheel,
    ]
    subprocess.run(install, check=True)
    (packages,) = (path.parent for path in (tmp_path / "venv").rglob("aim_workbook"))
    absent = ("jupyterlab", "jupyter_server", "ipywidgets")
    paths = "\n".join(path for path in sys.path if path.endswith(("site-packages", "dist-packages")))
    (packages / "others.pth").write_text(f"{paths}\nimport sys; sys.modules.update(dict.fromkeys({absent}))\n", encoding="utf-8")
    folder = tmp_path / "leere Mappe é"
    folder.mkdir()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AIM_", "PYTHONPATH"))}

    def aim(*words):
        environment = clean | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
        return subprocess.run([scripts / "aim", *words], cwd=folder, env=environment, capture_output=True, encoding="utf-8")

    return aim, folder, packages


@pytest.mark.drill
def test_demo_of_an_installed_wheel_in_an_empty_folder(installed):
    aim, folder, packages = installed
    before = sorted(packages.rglob("*"))
    demo = aim("demo", "--no-open")
    assert demo.returncode == 0, demo.stdout + demo.stderr
    (report,) = folder.rglob("report.html")
    assert str(report) in demo.stdout and report.stat().st_size > 200_000
    assert len(list((report.parent / "notebooks").glob("*.ipynb"))) == len(list((ROOT / "notebooks").glob("*.ipynb")))
    assert [path.name for path in folder.iterdir()] == ["aim-demo"]
    again = aim("demo", "--no-open")
    assert again.returncode == 0 and again.stdout.count("The report:") == 1
    assert sorted(packages.rglob("*")) == before


@pytest.mark.drill
def test_commands_of_an_installed_wheel_work_in_the_folder_they_are_given_in(installed):
    aim, folder, packages = installed
    before = sorted(packages.rglob("*"))
    lab = aim("lab", "office-interiors")
    assert lab.returncode == 1 and "aim lab needs JupyterLab: pip install '….whl[lab]'" in lab.stderr
    assert aim("new", "my-shop").returncode == 0 and (folder / "data" / "my-shop" / "client.yml").is_file()
    assert "my-shop" in aim("list").stdout
    run = aim("run", "office-interiors")
    assert run.returncode == 0 and list((folder / "reports" / "office-interiors").rglob("report.html"))
    assert aim("next", "office-interiors", "--as-of", "2021-12-31", "--dry-run").returncode == 0
    assert not (folder / "data" / "office-interiors").exists()
    assert aim("next", "office-interiors", "--as-of", "2021-12-31").returncode == 0  # changes a copy: the package stays as it is
    assert (folder / "data" / "office-interiors" / "rounds" / "2021-06-30" / "client.yml").is_file()
    assert sorted(packages.rglob("*")) == before


def test_command_and_licence():
    assert project()["scripts"] == {"aim": "helpers.__main__:main"}
    assert project()["license"] == "BSD-3-Clause" and read("LICENSE").startswith("BSD 3-Clause License")


def test_install_page_names_every_make_target():
    targets = re.findall(r"^([a-z-]+):.*## ", read("Makefile"), flags=re.MULTILINE)
    page = read("docs/install.md")
    assert len(targets) >= 9
    assert [target for target in targets if f"`make {target}" not in page] == []


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no execute bit")
def test_ci_script_can_be_executed():
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def notebook_with_output(folder):
    output = {"output_type": "stream", "name": "stdout", "text": ["made by this test: one customer, é"]}
    cells = [
        {"cell_type": "markdown", "id": "a1", "metadata": {}, "source": ["# Question — wie?"]},
        {
            "cell_type": "code",
            "id": "b2",
            "metadata": {"tags": ["parameters"], "papermill": {"duration": 1}},
            "execution_count": 3,
            "outputs": [output],
            "source": ["client = 'sample'"],
        },
    ]
    path = folder / "10_made_up.ipynb"
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path.write_text(json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    return path


def strip_outputs(*arguments):
    return subprocess.run([sys.executable, ROOT / ".ci" / "strip_outputs.py", *arguments], capture_output=True, encoding="utf-8")


def test_strip_outputs_keeps_what_a_person_wrote(tmp_path):
    path = notebook_with_output(tmp_path)
    before = path.read_bytes()
    assert strip_outputs("--check", path).returncode == 1 and path.read_bytes() == before
    assert strip_outputs(path).returncode == 1
    markdown, code = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert "".join(markdown["source"]) == "# Question — wie?"
    assert (code["outputs"], code["execution_count"]) == ([], None)
    assert code["metadata"] == {"tags": ["parameters"]}
    assert strip_outputs(path).returncode == 0
