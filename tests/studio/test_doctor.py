from anim_studio.commands import doctor


def test_the_report_names_what_a_render_needs(anim) -> None:
    said = anim("doctor")
    for subject in ("python", "torch", "libx264", "aac", "libsndfile", "postcard", "cache", "terminal"):
        assert any(line[2:].startswith(subject) for line in said.out.splitlines()), subject
    assert said.err == ""


def test_an_encoder_that_does_not_open_is_told_apart_from_one_that_does() -> None:
    assert doctor._why_not("libx264") is None
    assert doctor._why_not("no_such_encoder") is not None


def test_a_check_that_breaks_is_a_finding() -> None:
    def breaks():
        raise RuntimeError("no driver")
        yield

    (finding,) = doctor._guarded(breaks)
    assert finding.state == "bad"
    assert "no driver" in finding.text
