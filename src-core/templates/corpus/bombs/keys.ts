import { type Bomb, loop, repeat } from './bomb.ts';

/** V8's hash of a small integer, which is not secret (Thomas Wang's). */
function hashOf(key: number): number {
  let hash = key;
  hash = (~hash + (hash << 15)) >>> 0;
  hash = (hash ^ (hash >>> 12)) >>> 0;
  hash = (hash + (hash << 2)) >>> 0;
  hash = (hash ^ (hash >>> 4)) >>> 0;
  hash = Math.imul(hash, 2057) >>> 0;
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Integers that fall into one bucket of a map of their number. */
function colliding(count: number): readonly number[] {
  const found: number[] = [];
  for (let key = 1; found.length < count; key += 1) if ((hashOf(key) & 0xfff) === 7) found.push(key);
  return found;
}

const numbered = (text: string, count: number) =>
  Array.from({ length: count }, (_, index) => text + String(100_000 - index));

/** Keys and sort keys that are costly to tell apart. */
export const keys: readonly Bomb[] = [
  {
    name: 'integers of one hash',
    template: '{{ x|unique|list|length }}{{ {}.fromkeys(x)|length }}',
    inputs: { x: colliding(4_000) },
  },
  { name: 'bigints of one hash', template: `{% set d = {} %}${loop('{% do d.update({2 ** 64 * (i + 1): 1}) %}')}` },
  {
    name: 'long keys of one hash',
    template: `{% set p = 'a' * 20000 %}{% set d = {} %}${loop('{% do d.update({p ~ (10000 + i): 1}) %}')}`,
  },
  {
    name: 'long values of one hash',
    template: `{% set p = 'a' * 20000 %}{% set l = [] %}${loop('{% do l.append(p ~ (10000 + i)) %}')}{{ l|unique|list|length }}`,
  },
  {
    name: 'sort of a megabyte in common',
    template:
      "{% set p = 'a' * 1000000 %}{% set l = [] %}{% for i in range(500) %}{% do l.append(p ~ (500 - i)) %}{% endfor %}{{ l|sort }}",
  },
  {
    name: 'sort of long beginnings in common',
    template: '{{ x|sort|length }}',
    inputs: { x: numbered(repeat('a', 500), 20_000) },
  },
  { name: 'sort by a million commas', template: "{{ x|sort(attribute=',' * 1000000) }}", inputs: { x: [1, 2, 3] } },
  {
    name: 'a path of a million dots',
    template: "{{ x|map(attribute='.' * 1000000, default='q')|list }}",
    inputs: { x: [{}, {}] },
  },
  {
    name: 'sort of long lists',
    template: '{{ x|sort|length }}',
    inputs: { x: Array.from({ length: 1_000 }, (_, at) => [...Array<number>(300).fill(1), 5_000 - at]) },
  },
  {
    name: 'keys of tuples of tuples',
    template:
      '{% set ns = namespace(l=(1, 2)) %}{% for i in range(24) %}{% set ns.l = (ns.l, ns.l) %}{% endfor %}{{ {ns.l: 1} }}',
  },
];
