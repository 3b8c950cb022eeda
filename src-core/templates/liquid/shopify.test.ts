import { expect, it } from 'vitest';
import { loaderOf } from '../corpus/hostile.ts';
import { parseTemplate, renderTemplate } from '../engine.ts';
import { type Inputs, TemplateError } from '../runtime/types.ts';

/** Inputs that all rows share. What is expected is what Shopify's Liquid prints. */
const inputs: Inputs = {
  name: 'Ada',
  n: 5,
  half: 0.5,
  yes: true,
  no: false,
  nothing: null,
  empty_text: '',
  empty_list: [],
  text: '  Hello world  ',
  html: '<b>x & "y"</b>',
  items: ['b', 'a', 'c'],
  nested: [[1, 2], [3]],
  user: { name: 'Bob', tags: ['x', 'y'] },
  prices: { tea: 2, cake: 4.5 },
  docs: [
    { title: 'First', score: 1, source: 'wiki' },
    { title: 'Second', score: 0.5, source: null },
  ],
  chat: [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hello' },
  ],
};
const loader = loaderOf({
  'shared/tone': 'Be {{ tone | default: "kind" }}{{ name }}.',
  'shared/doc': '[{{ doc.title }}{{ forloop.index }}{{ name }}]',
  'shared/sets': '{% assign from_inside = "set" %}',
});

function render(source: string): string {
  const { template, problems } = parseTemplate(source, { syntax: 'liquid' });
  if (template === null) throw new TemplateError(problems[0]!);
  return renderTemplate(template, inputs, { loader }).output;
}

it.each<[string, string]>([
  // Numbers
  ['{{ 7 | divided_by: 2 }} {{ -7 | divided_by: 2 }} {{ 7 | divided_by: 2.0 }} {{ n | divided_by: 2 }}', '3 -4 3.5 2'],
  [
    '{% assign f = 2.0 %}{{ 7 | divided_by: f }} {{ 7 | times: 1.0 | divided_by: 2 }} {{ 2.0 | divided_by: 4 }}',
    '3.5 3.5 0.5',
  ],
  ['{{ 0.1 | plus: 0.2 }} {{ 0.0725 | times: 100 }} {{ 1 | minus: 0.9 }} {{ half | times: 3 }}', '0.3 7.25 0.1 1.5'],
  ['{{ "3" | plus: "4" }} {{ "x" | plus: 1 }} {{ 7 | modulo: 3 }} {{ -7 | modulo: 3 }}', '7 1 1 2'],
  ['{{ 2.5 | round }} {{ -2.5 | round }} {{ 3.14159 | round: 2 }} {{ 1.2 | ceil }} {{ 1.8 | floor }}', '3 -3 3.14 2 1'],
  ['{{ 5 | at_least: 7 }} {{ 5 | at_most: 3 }} {{ -5 | abs }} {{ "4.5" | ceil }}', '7 3 5 5'],
  // Text
  ['{{ text | strip | upcase }}|{{ text | lstrip }}|{{ text | rstrip }}', 'HELLO WORLD|Hello world  |  Hello world'],
  ['{{ " a  b\n c " | split: " " | join: "-" }} {{ "a,b,,c,," | split: "," | join: "-" }}', 'a-b-c a-b--c'],
  [
    '{{ "hello world" | capitalize }} {{ "hello world" | truncate: 8 }} {{ "a b c" | truncatewords: 2 }}',
    'Hello world hello... a b...',
  ],
  [
    '{{ "abcabc" | replace: "b", "-" }} {{ "abcabc" | replace_last: "b", "-" }} {{ "abc" | remove: "b" }}',
    'a-ca-c abca-c ac',
  ],
  ['{{ "hello" | slice: 0 }} {{ "hello" | slice: 1, 3 }} {{ "hello" | slice: -3, 2 }}', 'h ell ll'],
  [
    '{{ html | escape }} {{ html | strip_html }} {{ "1 < 2 &amp; 3" | escape_once }}',
    '&lt;b&gt;x &amp; &quot;y&quot;&lt;/b&gt; x & "y" 1 &lt; 2 &amp; 3',
  ],
  ['{{ "a b&c" | url_encode }} {{ "a+b%20c" | url_decode }}', 'a+b%26c a b c'],
  ['{{ "it\'s" }} {{ \'say "x"\' }}', 'it\'s say "x"'],
  // Lists and objects
  [
    '{{ items | sort | join: "," }} {{ items | reverse | first }} {{ items.last }} {{ items[-2] }} {{ items.size }}',
    'a,b,c c c a 3',
  ],
  [
    '{{ docs | map: "title" | join: ", " }} {{ docs | where: "title", "Second" | size }} {{ docs | sum: "score" }}',
    'First, Second 1 1.5',
  ],
  [
    '{{ docs | map: "source" | compact | join }} {{ docs | compact: "source" | size }} {{ nested | join: "|" }}',
    'wiki 1 1|2|3',
  ],
  ['{{ docs | sort: "score" | map: "title" | first }} {{ "b,A" | split: "," | sort_natural | join }}', 'Second A b'],
  ['{{ items | concat: user.tags | join: "" }} {{ "a,a,b" | split: "," | uniq | join }} {{ items }}', 'bacxy a b bac'],
  [
    '{{ user["name"] }} {{ user[nothing] }} {{ docs.first.title }} {{ docs[1].title }} {{ prices.size }}',
    'Bob  First Second 2',
  ],
  [
    '{{ user.tags | push: "z" | join }} {{ docs | find: "title", "Second" | json }}',
    'x y z {"title":"Second","score":0.5,"source":null}',
  ],
  // Truth, nil, empty, blank
  [
    '{% if empty_text and empty_list and 0 %}true{% endif %}{% if nothing or no or missing %}x{% else %} false{% endif %}',
    'true false',
  ],
  [
    '{{ nothing }}{{ missing }}{{ nothing.x.y }}|{{ nothing | default: 1 }}{{ empty_text | default: 2 }}{{ no | default: 3 }}{{ no | default: 3, allow_false: true }}',
    '|123false',
  ],
  ['{% if empty_text == empty and empty_list == empty and nothing != empty %}empty{% endif %}', 'empty'],
  ['{% if "  " == blank and nothing == blank and no == blank and name != blank %}blank{% endif %}', 'blank'],
  ['{% if nothing == nil and missing == null %}nil{% endif %}', 'nil'],
  ['{% if true or false and false %}1{% endif %}{% if true and false and false or true %}2{% endif %}', '1'],
  [
    '{% if n <> 4 and n != 4 and n >= 5 %}1{% endif %}{% if name contains "d" and items contains "a" %}2{% endif %}{% if "5" == n %}3{% endif %}',
    '12',
  ],
  ['{% unless no %}a{% else %}b{% endunless %}{% unless yes %}c{% elsif n == 5 %}d{% endunless %}', 'ad'],
  [
    '{% case n %}{% when 1, 2 %}few{% when 4 or 5 %}some{% else %}many{% endcase %}{% case name %}{% when "Bob" %}x{% else %}!{% endcase %}',
    'some!',
  ],
  // Loops
  [
    '{% for i in items limit: 2 offset: 1 %}{{ i }}{% endfor %} {% for i in items reversed limit: 2 %}{{ i }}{% endfor %}',
    'ac ab',
  ],
  ['{% for i in items limit: 2 %}{{ i }}{% endfor %}-{% for i in items offset: continue %}{{ i }}{% endfor %}', 'ba-c'],
  [
    '{% for i in empty_list %}x{% else %}none{% endfor %}{% for i in missing %}x{% else %} none{% endfor %}',
    'none none',
  ],
  [
    '{% for i in (1..n) %}{% if i == 2 %}{% continue %}{% elsif i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}',
    '13',
  ],
  [
    '{% for p in prices %}{{ p[0] }}={{ p[1] }};{% endfor %}{% for c in name %}[{{ c }}]{% endfor %}',
    'tea=2;cake=4.5;[Ada]',
  ],
  [
    '{% for i in (1..2) %}{% for j in (1..2) %}{{ forloop.parentloop.index }}{{ forloop.index }}{{ forloop.last }} {% endfor %}{% endfor %}',
    '11false 12true 21false 22true ',
  ],
  [
    '{% for i in items %}{{ forloop.index0 }}{{ forloop.rindex }}{{ forloop.rindex0 }}{{ forloop.length }} {% endfor %}',
    '0323 1213 2103 ',
  ],
  ['{% for i in (1..3) %}{% cycle "a", "b" %}{% cycle "g": "c", "d" %}{% endfor %}', 'acbdac'],
  [
    '{% for d in docs %}{% ifchanged %}{{ d.source }}{% endifchanged %}{% endfor %}{% increment c %}{% increment c %}{% decrement d %}',
    'wiki01-1',
  ],
  [
    '{% for i in ("2"..n) %}{{ i }}{% endfor %}{% for i in (x..1) %}{{ i }}{% endfor %}{% for i in (5..1) %}x{% else %}e{% endfor %} {{ (1..3).last }}',
    '234501e 3',
  ],
  [
    '{% for i in items offset: 3 %}x{% else %}none{% endfor %}{% for i in items limit: 1 %}{% for j in items limit: 0 %}x{% else %}:{{ i }}{% endfor %}{% else %}!{% endfor %}',
    'none:b',
  ],
  ['{% for i in empty_list %}x{% else %}{% for j in items limit: 0 %}x{% else %}none{% endfor %}{% endfor %}', 'none'],
  // Silent tags, whitespace, raw and comments
  ['{% assign x = items | first | upcase %}{{ x }}{% capture y %}Hi {{ name }}{% endcapture %} {{ y | size }}', 'B 6'],
  ['{% for i in items %}\n  {% assign last = i %}\n{% endfor %}{{ last }}', 'c'],
  ['a  {{- name -}}  b {%- if yes -%}  c  {%- endif -%}  d', 'aAdabcd'],
  ['> {%- raw -%} {{ x }} {%- endraw -%} <{% raw %}{% if %}{% endraw %}', '> {{ x }} <{% if %}'],
  [
    'a{% comment %}{{ broken {% if %}{% comment %}x{% endcomment %}{% endcomment %}b{% # note %}{% doc %}{% nothing %}{% enddoc %}c',
    'abc',
  ],
  [
    '{% liquid\n  assign a = 3\n  # note\n  if a == 3\n    echo "three" | upcase\n  endif\n  for i in (1..2)\n    echo i\n  endfor\n%}{% echo name %}',
    'THREE12Ada',
  ],
  // Other templates
  ["{% include 'shared/tone' %} {% assign tone = 'dry' %}{% include 'shared/tone' %}", 'Be kindAda. Be dryAda.'],
  ["{% render 'shared/tone', tone: 'brief' %} {% render 'shared/tone' %}", 'Be brief. Be kind.'],
  ["{% render 'shared/doc' for docs as doc %} {% render 'shared/doc' with docs[0] %}", '[First1][Second2] [First]'],
  [
    "{% include 'shared/doc' for docs as doc %} {% include 'shared/doc' with docs[1] %}",
    '[FirstAda][SecondAda] [SecondAda]',
  ],
  ["{% include 'shared/sets' %}{{ from_inside }}{% assign part = 'shared/tone' %}{% include part %}", 'setBe kindAda.'],
  // Dates name their zone, else they are in UTC
  [
    '{{ "2024-03-05T10:20:30Z" | date: "%Y-%m-%d %H:%M:%S" }} {{ "2024-03-05" | date: "%-d %B %Y, %a" }}',
    '2024-03-05 10:20:30 5 March 2024, Tue',
  ],
  [
    '{{ "2024-03-05 10:20" | date: "%H:%M %z" }} {{ "2024-03-05T23:20:30+05:00" | date: "%H:%M %z" }}',
    '10:20 +0000 23:20 +0500',
  ],
  [
    '{{ "March 14, 2016" | date: "%b %d, %y" }} {{ 0 | date: "%Y %H" }} {{ "no date" | date: "%Y" }}',
    'Mar 14, 16 1970 00 no date',
  ],
  ['{{ "2024-03-05T10:20:30Z" | date: "%F %T %R %D %h %%F" }}', '2024-03-05 10:20:30 10:20 03/05/24 Mar %F'],
  // Whole prompts
  [
    'You are {{ user.name }}, an assistant.\n{%- if docs.size > 0 %}\nUse only these sources:\n{% for doc in docs -%}\n[{{ forloop.index }}] {{ doc.title }} ({{ doc.source | default: "unknown" }})\n{% endfor -%}\n{% endif %}\nAnswer {{ name | append: "\'s" }} question.',
    "You are Bob, an assistant.\nUse only these sources:\n[1] First (wiki)\n[2] Second (unknown)\n\nAnswer Ada's question.",
  ],
  [
    '{% for m in chat %}{% case m.role %}{% when "user" %}U{% else %}A{% endcase %}: {{ m.content }}\n{% endfor %}A:',
    'U: Hi\nA: Hello\nA:',
  ],
])('renders %j as Shopify does', (source, expected) => {
  expect(render(source)).toBe(expected);
});

it('gives data as JSON wherever text is wanted', () => {
  expect(render('{{ prices }} {{ prices | append: "!" }} {{ prices | upcase }} {{ docs | map: "score" | json }}')).toBe(
    '{"tea":2,"cake":4.5} {"tea":2,"cake":4.5}! {"TEA":2,"CAKE":4.5} [1,0.5]',
  );
});

it('says that a division by 0 is one', () => {
  for (const source of ['{{ 1 | divided_by: 0 }}', '{{ 1 | modulo: 0 }}', '{{ 1.5 | divided_by: "x" }}'])
    expect(() => render(source)).toThrow('A number cannot be divided by 0.');
});
