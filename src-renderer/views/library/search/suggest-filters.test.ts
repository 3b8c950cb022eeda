import { expect, test } from 'vitest';
import { suggestFilters } from './suggest-filters.ts';

const values = { tags: ['billing', 'customer care'], labels: ['production'], models: ['starter', 'local/mistral'] };
const searches = (search: string) => suggestFilters(search, values).map((suggestion) => suggestion.search);

test('an empty search is offered every filter', () => {
  expect(searches('')).toEqual(['tag:', 'label:', 'model:', 'updated:7d']);
});

test('the values of a filter complete what is typed of them', () => {
  expect(searches('refund tag:')).toEqual(['refund tag:billing ', 'refund tag:"customer care" ']);
  expect(searches('refund tag:Bi')).toEqual(['refund tag:billing ']);
  expect(searches('model:local/')).toEqual(['model:local/mistral ']);
});

test('a filter that is there already is not offered again', () => {
  expect(searches('tag:billing ')).not.toContain('tag:billing tag:');
  expect(searches('la')).toEqual(['label:']);
});

test('a complete value is not offered', () => {
  expect(searches('label:production')).toEqual([]);
});
