"""Writes golden/chat-templates.jsonl: what Hugging Face's Jinja2 settings render from real chat templates.

The templates themselves are not committed: they are read from the llama.cpp bundle inside node-llama-cpp, here and in
the test. Run `python3 generate_chat.py` from the project's root, with Jinja2 3.1.6, after that dependency changes.
"""

import datetime
import json
import pathlib
import subprocess
import tempfile

import jinja2
import jinja2.ext
import jinja2.sandbox

assert jinja2.__version__ == "3.1.6", f"the corpus is defined by Jinja2 3.1.6, not {jinja2.__version__}"

golden = pathlib.Path(__file__).parent / "golden"
bundle = pathlib.Path("node_modules/node-llama-cpp/llama/gitRelease.bundle").resolve()
now = datetime.datetime(2024, 7, 26, 12, 0, 0)


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


class Generation(jinja2.ext.Extension):
    """Hugging Face's `{% generation %}` marks what a model wrote; it prints its body."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        return jinja2.nodes.Scope(parser.parse_statements(("name:endgeneration",), drop_needle=True), lineno=line)


def environment():
    env = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[jinja2.ext.loopcontrols, Generation]
    )
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = now.strftime
    return env


def templates():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "clone", "-q", "--bare", str(bundle), folder], check=True)
        git = ["git", "-C", folder]
        names = subprocess.check_output([*git, "ls-tree", "HEAD", "models/templates/", "--name-only"], text=True)
        for name in names.split():
            if name.endswith(".jinja"):
                yield pathlib.Path(name).stem, subprocess.check_output([*git, "show", f"HEAD:{name}"]).decode()


def main():
    conversations = json.loads((golden / "chat-conversations.json").read_text(encoding="utf-8"))
    lines = []
    errors = 0
    for name, source in templates():
        for conversation, variables in conversations.items():
            row = {"id": f"{name}/{conversation}", "template": name, "conversation": conversation}
            try:
                row["expected"] = environment().from_string(source).render(**variables)
            except Exception:  # noqa: BLE001 - the corpus records that it fails, not how
                row["error"] = True
                errors += 1
            lines.append(json.dumps(row, ensure_ascii=False))
    (golden / "chat-templates.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} rows, {errors} of them errors")


if __name__ == "__main__":
    main()
