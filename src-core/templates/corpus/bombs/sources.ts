import { type Bomb, repeat } from './bomb.ts';

/** Long sources. */
export const sources: readonly Bomb[] = [
  { name: 'a megabyte of text', template: repeat('a', 1_048_576) },
  { name: 'a megabyte of open braces', template: repeat('{{', 524_288) },
  { name: 'a megabyte of open tags', template: repeat('{% ', 349_525) },
  { name: 'a megabyte of comments that never end', template: repeat('{# ', 349_525) },
  { name: 'a megabyte of quotes', template: `{{ ${repeat("'", 1_048_570)}` },
  { name: '250 KiB of open braces', template: repeat('{{', 128_000) },
  { name: '250 KiB of open comments', template: repeat('{#', 128_000) },
  { name: '250 KiB of raw tags', template: repeat('{% raw %}', 28_000) },
  { name: '250 KiB of variables', template: repeat('{{ a }}', 36_000) },
  {
    name: '250 KiB of blanks before a tag',
    template: `${repeat(' ', 255_000)}{%- if 1 -%}${repeat('\n', 100)}{% endif %}`,
  },
  { name: '250 KiB of alternating blanks and tags', template: repeat('  \n {%- set a = 1 -%} ', 12_000) },
  { name: '250 KiB of one string', template: `{{ "${repeat('\\\\', 127_000)}" }}` },
  { name: '250 KiB of unclosed string', template: `{{ "${repeat('\\"', 127_000)}` },
  { name: '250 KiB of one name', template: `{{ ${repeat('a', 255_000)} }}` },
  { name: '250 KiB of digits and dots', template: `{{ ${repeat('1.', 127_000)} }}` },
  { name: '250 KiB of underscored digits', template: `{{ 1${repeat('_1', 127_000)} }}` },
  { name: '250 KiB of set targets', template: `{% set ${repeat('a,', 127_000)}b = 1 %}` },
];
