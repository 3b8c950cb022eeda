import type { Row } from './row.ts';

const prompt = (template: string, inputs: Row['inputs'] = {}, includes?: Row['includes']): Row => ({
  template,
  inputs,
  ...(includes && { includes }),
});

/** Prompts as they are written for promptfoo and JavaScript projects. */
export const promptRows: readonly Row[] = [
  prompt('Translate the following text to {{language}}: {{input}}', { language: 'French', input: 'Hello' }),
  prompt('You are a {{ role | default("helpful assistant") }}.\n\nUser: {{ question }}\nAssistant:', {
    question: 'Why?',
  }),
  prompt(
    '[{"role": "system", "content": "You are {{ persona }}"}, {"role": "user", "content": {{ question | dump }} }]',
    {
      persona: 'a pirate',
      question: 'Say "hi"\nplease',
    },
  ),
  prompt(
    `[
{% for message in messages %}
  {
    "role": "{{ message.role }}",
    "content": {{ message.content | dump }}
  }{% if not loop.last %},{% endif %}
{% endfor %}
]`,
  ),
  prompt(
    `{% for item in _conversation %}
User: {{ item.input }}
Assistant: {{ item.output }}
{% endfor %}
User: {{ question }}`,
    {
      _conversation: [
        { input: 'a', output: 'b' },
        { input: 'c', output: 'd' },
      ],
      question: 'e',
    },
  ),
  prompt('{{ messages | dump(2) }}'),
  prompt('{%- for m in messages -%}<|{{ m.role }}|>\n{{ m.content | trim }}<|end|>\n{%- endfor -%}<|assistant|>'),
  prompt(
    '{% for m in messages %}{% if m.role == "system" %}[INST] <<SYS>>{{ m.content }}<</SYS>>{% elif m.role == "user" %}{{ m.content }} [/INST]{% else %} {{ m.content }} </s>{% endif %}{% endfor %}',
  ),
  prompt(
    '{% set system = messages[0].content if messages[0].role == "system" else "" %}{{ system }}|{{ messages.slice(1) | length }}',
  ),
  prompt(
    `Answer with the documents.
{% for doc in docs %}
<doc id="{{ loop.index }}" title="{{ doc.title | escape }}">
{{ doc.text | indent(2, true) }}
</doc>
{% else %}
No documents.
{% endfor %}`,
  ),
  prompt(
    '{% for doc in docs %}{% if doc.score >= 0.5 %}{{ doc.title }}: {{ (doc.score * 100) | round }}%\n{% endif %}{% endfor %}',
  ),
  prompt('Classify as one of: {{ labels | join(", ") }}.\nText: """{{ text | trim }}"""\nLabel:', {
    labels: ['a', 'b'],
  }),
  prompt(
    '{% if examples and examples.length > 0 %}Examples:\n{% for e in examples %}Q: {{ e.q }}\nA: {{ e.a }}\n{% endfor %}{% endif %}Q: {{ q }}',
    {
      examples: [{ q: '1+1', a: '2' }],
      q: '2+2',
    },
  ),
  prompt('{% if examples and examples.length > 0 %}x{% else %}zero-shot{% endif %}', { examples: [] }),
  prompt('{% if examples %}truthy{% else %}falsy{% endif %}', { examples: [] }),
  prompt('{{ vars.first }} {{ vars["second key"] }}', { vars: { first: 1, 'second key': 2 } }),
  prompt('{{ context.query }} {{ context.results[0].snippet | truncate(10) }}', {
    context: { query: 'q', results: [{ snippet: 'a long snippet of text' }] },
  }),
  prompt('Compare:\nA: {{ outputs[0] }}\nB: {{ outputs[1] }}\n{{ criteria | default("Pick one.") }}', {
    outputs: ['x', 'y'],
  }),
  prompt('{{ output }}\n\nRubric: {{ rubric | upper }}', { output: '{{ not rendered }}', rubric: 'be nice' }),
  prompt(
    '{% set schema = {type: "object", properties: {answer: {type: "string"}}, required: ["answer"]} %}{{ schema | dump(2) }}',
  ),
  prompt(
    '{"name": {{ name | dump }}, "tags": {{ user.tags | dump }}, "n": {{ n }}, "ok": {{ yes }}, "none": {{ nothing | dump }} }',
  ),
  prompt(
    '{% macro tool(t) %}{"type": "function", "function": {{ t | dump }} }{% endmacro %}[{% for t in tools %}{{ tool(t) }}{{ "," if not loop.last }}{% endfor %}]',
    {
      tools: [{ name: 'a', parameters: {} }, { name: 'b' }],
    },
  ),
  prompt(
    '{% macro turn(role, content) %}{{ role | upper }}: {{ content }}\n{% endmacro %}{% for m in messages %}{{ turn(m.role, m.content) }}{% endfor %}',
  ),
  prompt(
    '{% macro section(title) %}## {{ title }}\n{{ caller() }}\n{% endmacro %}{% call section("Task") %}Do {{ task }}.{% endcall %}{% call section("Rules") %}{% for r in rules %}- {{ r }}\n{% endfor %}{% endcall %}',
    {
      task: 'it',
      rules: ['one', 'two'],
    },
  ),
  prompt(
    '{% include "system" %}\n{{ question }}',
    { question: 'why', product: 'X' },
    { system: 'You support {{ product }}.' },
  ),
  prompt(
    '{% extends "chat" %}{% block system %}You are {{ name }}. {{ super() }}{% endblock %}',
    {},
    {
      chat: '<s>{% block system %}Be brief.{% endblock %}</s>{% for m in messages %}{{ m.content }}|{% endfor %}',
    },
  ),
  prompt(
    '{% from "lib" import bullet %}{% for x in xs %}{{ bullet(x) }}{% endfor %}',
    {},
    { lib: '{% macro bullet(t) %}* {{ t }}\n{% endmacro %}' },
  ),
  prompt(
    '{% for u in users | sort(attribute="age") | reverse %}{{ loop.index }}. {{ u.name | title }}{% if u.active %} (active){% endif %}\n{% endfor %}',
  ),
  prompt(
    '{% for role, group in users | groupby("role") %}{{ role }} ({{ group | length }}): {{ group | join(", ", "name") }}\n{% endfor %}',
  ),
  prompt('Total: {{ users | sum("age") }}, mean {{ (users | sum("age") / users.length) | round(1) }}'),
  prompt('{{ question | replace("\\n", " ") | trim | truncate(20, true, "…") }}', {
    question: '  a\nb\nc and much more text  ',
  }),
  prompt('Today is {{ today }}. {{ "Morning" if hour < 12 else "Evening" }}.', { today: '2026-01-01', hour: 9 }),
  prompt('{% set parts = name.split("d") %}{{ parts.join("-") }} {{ parts.length }}'),
  prompt('{% set ns = {count: 0} %}{% for x in xs %}{{ ns.count }}{% endfor %}'),
  prompt('{% set lines2 = lines.split("\\n") %}{% for l in lines2 %}{{ loop.index }}: {{ l }}\n{% endfor %}'),
  prompt(
    '{% set found = false %}{% for x in xs %}{% if x == 2 %}{% set found = true %}{% endif %}{% endfor %}{{ "found" if found else "not found" }}',
  ),
  prompt(
    '{% set out = [] %}{% for u in users %}{% if u.active %}{% set _ = out.push(u.name) %}{% endif %}{% endfor %}{{ out | dump }}',
  ),
  prompt('{{ "%s" }} {{ "100%" }} {{ 50 }}% done {# note #}'),
  prompt('{% raw %}Use {{ placeholders }} in your answer.{% endraw %} {{ name }}'),
  prompt('{{ prénom }} {{ umlaut | upper }} {{ emoji }} {{ 名前 }}', { 名前: '太郎' }),
  prompt('{%- if system %}{{ system }}\n\n{% endif -%}\n### Instruction:\n{{ instruction }}\n\n### Response:\n', {
    instruction: 'Go',
    system: 'S',
  }),
  prompt('{%- if system %}{{ system }}\n\n{% endif -%}\n### Instruction:\n{{ instruction }}\n\n### Response:\n', {
    instruction: 'Go',
  }),
  prompt(
    '{{ bos_token }}{% for m in messages %}{% if (m.role == "user") != (loop.index0 % 2 == 0) %}odd{% else %}{{ m.content }}{% endif %}{% endfor %}',
    { bos_token: '<s>' },
  ),
  prompt('{{ user.address | dump }} {{ user.tags | join("/") }} {{ user.address.city.toUpperCase() }}'),
  prompt('{% switch user.tags.length %}{% case 0 %}none{% case 1 %}one{% default %}many{% endswitch %}'),
  prompt('{{ value | float | round(2) }} {{ value | int }} {{ value }}', { value: '3.14159' }),
  prompt('{{ a | d("x") }}{{ b | d("y", true) }}{{ c or "z" }}', { b: '' }),
  prompt('{% for key, value in options %}--{{ key }}={{ value | dump }} {% endfor %}', {
    options: { a: 1, b: 'x y', c: [1] },
  }),
  prompt('{{ [1, 2, 3] | join("\\n") }}\n{{ "a" ~ "\\t" ~ "b" }}'),
  prompt('{{ env.HOME }}{{ process }}{{ require }}', {}),
];
