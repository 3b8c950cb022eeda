"""Writes golden/*.jsonl: templates with the text that Jinja2 3.1.6 renders from them.

Run `python3 generate.py` with Jinja2 3.1.6 installed after changing a rows_*.py file. The environment is the one that
the engine promises to match: autoescape off, keep_trailing_newline, the `do` and loop control extensions, undefined
printing empty. A row is {id, group, template, vars, includes?, expected} or, when Jinja2 raises, {..., error: true}.
Inputs are JSON, as in the product, so what a row's `vars` cannot say (tuples, sets, bytes) is built in its template.
"""

import copy
import json
import pathlib
import re

import jinja2

import rows_expressions
import rows_filters
import rows_methods
import rows_prompts
import rows_statements

assert jinja2.__version__ == "3.1.6", f"the corpus is defined by Jinja2 3.1.6, not {jinja2.__version__}"

here = pathlib.Path(__file__).parent


def dump(value, indent=None):
    """nunjucks' `dump`: JSON.stringify with its optional indent."""
    separators = (",", ": ") if indent else (",", ":")
    return json.dumps(value, indent=indent, ensure_ascii=False, separators=separators)


def to_json(value, indent=None):
    """The `json` filter: what `tojson` gives without its HTML escapes, and with every character as itself."""
    return json.dumps(value, indent=indent, ensure_ascii=False)


def environment(includes):
    env = jinja2.Environment(
        autoescape=False,
        keep_trailing_newline=True,
        loader=jinja2.DictLoader(includes),
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
    )
    env.filters["dump"] = dump
    env.filters["json"] = to_json
    return env


def render(template, variables, includes):
    """The row's outcome; an error is one whatever Python calls it."""
    try:
        # A copy: templates may append to the lists they are given.
        return {"expected": environment(includes).from_string(template).render(copy.deepcopy(variables))}
    except Exception:  # noqa: BLE001 - the corpus records that it fails, not how
        return {"error": True}


def pieces(template):
    """A line of independent `{{ … }}` becomes one row each, so that a failing row names one thing."""
    parts = re.findall(r"\{\{ .*? \}\}(?=[| \n]|$)", template, re.DOTALL)
    rest = template
    for part in parts:
        rest = rest.replace(part, "", 1)
    return parts if not rest.strip("| \n") else [template]


def cases_of(module, group):
    for case in module.groups[group]:
        template, variables, includes = (*((case,) if isinstance(case, str) else case), None, None)[:3]
        whole = module is rows_prompts or "error" in render(template, variables or {}, includes or {})
        for piece in [template] if whole else pieces(template):
            yield piece, variables or {}, includes


def rows_of(module):
    for group in module.groups:
        for number, (template, variables, includes) in enumerate(cases_of(module, group), 1):
            row = {"id": f"{group}-{number}", "group": group, "template": template, "vars": variables}
            if includes:
                row["includes"] = includes
            outcome = render(template, variables, includes or {})
            # Python prints memory addresses and classes of the interpreter; no other engine can or should.
            if " at 0x" not in outcome.get("expected", "") and "<class" not in outcome.get("expected", ""):
                yield row | outcome


def main():
    total = 0
    for module in (rows_expressions, rows_filters, rows_methods, rows_statements, rows_prompts):
        rows = list(rows_of(module))
        total += len(rows)
        name = module.__name__.removeprefix("rows_")
        lines = (json.dumps(row, ensure_ascii=False) for row in rows)
        (here / "golden" / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        failing = [row["id"] for row in rows if "error" in row]
        print(f"{name}: {len(rows)} rows, {len(failing)} of them errors: {' '.join(failing)}")
    print(f"{total} rows")


if __name__ == "__main__":
    main()
