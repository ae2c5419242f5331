from tools import dashboards


def test_dashboards_are_what_their_generator_writes():
    for path, text in dashboards.files().items():
        assert path.read_text() == text, f"{path.name} was edited by hand, or the generator not run: python3 -m tools.dashboards"
