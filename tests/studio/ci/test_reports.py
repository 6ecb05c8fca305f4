"""Findings for the services that read them: paths from the repository's top, and what each reader takes."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.report_ci import MOST_SHOWN, as_github
from anim_dsl.report_sarif import as_sarif
from anim_dsl.source import Source, Span

FILM = 'import "../looks/é ü.anim"\nsize = 64x64\nfps = 12\nlength = 1s\nprompt = "a lake"\n'
LOOKS = "let swing = 2deg * zom\n"


@pytest.fixture
def project(tmp_path: Path, write_film) -> Path:
    """A repository whose film has a mistake in a file that it imports, and one in itself."""
    (tmp_path / ".git").mkdir()
    write_film(LOOKS, "looks/é ü.anim")
    write_film(FILM + "camera 2d { angle = swing; zom = 1 }\n", "films/a b.anim")
    write_film(FILM.partition("\n")[2], "films/good.anim")
    return tmp_path


def places(project: Path, anim, monkeypatch, format: str, folder: str, *films: str) -> str:
    monkeypatch.chdir(project / folder)
    said = anim_in(anim, project / folder, monkeypatch, "check", *films, "--format", format)
    assert said.code == 1, said.err
    return said.out


def anim_in(anim, folder: Path, monkeypatch, *words: str):
    monkeypatch.chdir(folder)
    return anim(*words)


@pytest.mark.parametrize(
    ("folder", "films"),
    [(".", ("films",)), ("films", ("a b.anim", "good.anim")), ("looks", ("../films",))],
)
def test_paths_count_from_the_top_wherever_one_stands(
    anim, project: Path, monkeypatch, folder: str, films: tuple[str, ...]
) -> None:
    wanted = {"films/a b.anim", "looks/é ü.anim"}
    gitlab = json.loads(places(project, anim, monkeypatch, "gitlab", folder, *films))
    assert {row["location"]["path"] for row in gitlab} == wanted
    run = json.loads(places(project, anim, monkeypatch, "sarif", folder, *films))["runs"][0]
    spots = [one["locations"][0]["physicalLocation"]["artifactLocation"] for one in run["results"]]
    assert {unquote(spot["uri"]) for spot in spots} == wanted
    assert {spot["uriBaseId"] for spot in spots} == {"%SRCROOT%"}
    assert all(spot["uri"].isascii() and " " not in spot["uri"] for spot in spots)
    github = places(project, anim, monkeypatch, "github", folder, *films).splitlines()
    assert {line.partition("file=")[2].partition(",line")[0] for line in github} == wanted
    suites = ElementTree.fromstring(places(project, anim, monkeypatch, "junit", folder, *films))
    assert {suite.get("name") for suite in suites} == {*wanted, "films/good.anim"}


def test_an_absolute_path_is_told_from_the_top_too(anim, project: Path, monkeypatch) -> None:
    whole = str(project / "films/a b.anim")
    gitlab = json.loads(places(project, anim, monkeypatch, "gitlab", "looks", whole))
    assert {row["location"]["path"] for row in gitlab} == {"films/a b.anim", "looks/é ü.anim"}


def test_people_still_read_paths_from_where_they_stand(anim, project: Path, monkeypatch) -> None:
    said = anim_in(anim, project / "films", monkeypatch, "check", "a b.anim", "--format", "concise")
    assert "a b.anim:6:28: error" in said.out
    assert "../looks/é ü.anim:1:20: error" in said.out


def test_a_film_outside_of_git_is_told_from_the_working_folder(anim, write_film) -> None:
    write_film("length = 1s\nzom = 1\n", "films/a.anim")
    rows = json.loads(anim("check", "films/a.anim", "--format", "gitlab").out)
    assert {row["location"]["path"] for row in rows} == {"films/a.anim"}


def test_a_file_for_imports_is_no_film_without_a_length(anim, write_film) -> None:
    write_film("let swing = 2deg\ndef twice(x) = x * 2\ntemplate walk() { camera 2d { zoom = 1.1 } }\n")
    said = anim("check", "film.anim", "--strict")
    assert (said.code, "nothing to report" in said.out) == (0, True), said.out
    write_film("let swing = 2deg * zom\n")
    said = anim("check", "film.anim", "--format", "concise")
    assert [line.split("[")[1][:5] for line in said.out.splitlines() if "[" in line] == ["E2001"]


@pytest.mark.parametrize("format", ["github", "gitlab", "sarif", "junit"])
def test_a_film_that_cannot_be_read_is_told_to_the_service_too(anim, project: Path, format: str) -> None:
    (project / "films" / "b.anim").write_bytes(b"\xff\xfea")
    said = anim("check", "films/b.anim", "--format", format)
    assert (said.code, "E4005" in said.out, "films/b.anim" in said.out) == (2, True, True), said
    assert "is UTF-16" in said.err


# --- github ---


def told(name: str, count: int, severity: Severity = Severity.ERROR, length: int = 1) -> list[Diagnostic]:
    source = Source(name, "x\n" * 40)
    return [Diagnostic("E2001", severity, source, Span(2 * at, 2 * at + length), "m") for at in range(count)]


def test_github_is_given_something_of_every_film_where_it_shows_ten() -> None:
    rows = as_github([*told("a.anim", 15), *told("b.anim", 2), *told("c.anim", 3, Severity.WARNING)])
    lines = rows.splitlines()
    first = Counter(line.partition("file=")[2][:6] for line in lines[:MOST_SHOWN])
    assert first == {"a.anim": 8, "b.anim": 2}
    assert lines[-1].startswith("::notice title=anim::7 more stand in this log")
    assert sum(line.startswith("::error ") for line in lines) == 17
    assert [line.partition("line=")[2][0] for line in lines if "::warning" in line] == ["1", "2", "3"]


def test_github_is_given_columns_of_one_line_only() -> None:
    (one,) = as_github(told("a.anim", 1)).splitlines()
    assert "line=1,endLine=1,col=1,endColumn=2,title=" in one
    (two,) = as_github(told("a.anim", 1, length=3)).splitlines()
    assert "line=1,endLine=2,title=" in two
    assert "col" not in two.lower()


# --- sarif ---


def test_sarif_keeps_to_the_rules_of_its_schema() -> None:
    """The parts of SARIF 2.1.0 (§3.14 to §3.57) that we write, and what GitHub asks of them."""
    found = [*told("a.anim", 2), *told("b.anim", 1, Severity.WARNING), *told("std:shake", 1)]
    log = json.loads(as_sarif(found, version="1.2.3"))
    assert set(log) == {"$schema", "version", "runs"}
    (run,) = log["runs"]
    assert set(run) == {"tool", "columnKind", "results"}
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert set(rule) == {"id", "shortDescription", "help", "defaultConfiguration"}
        assert rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] == "error"
    marks = [one["partialFingerprints"]["primaryLocationLineHash"] for one in run["results"]]
    assert len(set(marks)) == len(marks)
    assert all(len(mark) == 18 and mark.endswith(":1") for mark in marks)
    for one in run["results"]:
        region = one["locations"][0]["physicalLocation"]["region"]
        assert min(region["startLine"], region["startColumn"], region["endColumn"]) >= 1
        assert region["charLength"] >= 0 <= region["charOffset"]
    last = run["results"][-1]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert last == {"uri": "std%3Ashake"}


def test_no_film_writes_a_link_into_a_message_of_sarif(anim, write_film) -> None:
    film = write_film('length = 1s\nprompt = "a"\nimage a = "[x](http/evil).png"\ninit = a\n')
    said = anim("check", film, "--format", "sarif")
    texts = [one["message"]["text"] for one in json.loads(said.out)["runs"][0]["results"]]
    assert any("`[x] (http/evil).png`" in text for text in texts), texts
