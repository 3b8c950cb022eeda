import type { CatalogueEntry } from '../builtins/catalogue/entry.ts';
import type { MethodOwner } from '../builtins/catalogue/methods.ts';
import { catalogueOf } from '../builtins/catalogue.ts';
import type { Knowledge } from './knowledge.ts';
import { shapeOf } from './shapes.ts';

/** Whether what stands before a dot is a plain path. */
export function isPath(object: string): boolean {
  return /^[A-Za-z_]/.test(object);
}

/** The methods of the value before a dot, whose path is `path`; those of every type when its type is not known. */
export function methodsOf(object: string, path: string | null, knowledge: Knowledge): readonly CatalogueEntry[] {
  const { methods } = catalogueOf(knowledge.syntax);
  const owner = object === '""' ? 'string' : ownerOf(path === null ? null : shapeOf(path, knowledge).type);
  if (owner === 'none') return [];
  if (owner !== 'unknown') return [...methods[owner].values()];
  const every = [...methods.string, ...methods.dict, ...methods.list];
  // When two types have a method of that name, the first one counts.
  return [...new Map(every.toReversed()).values()].toReversed();
}

function ownerOf(type: string | null): MethodOwner | 'none' | 'unknown' {
  switch (type) {
    case 'string':
    case 'enum':
      return 'string';
    case 'array':
    case 'array<string>':
      return 'list';
    case 'object':
      return 'dict';
    case null:
      return 'unknown';
    default:
      return 'none';
  }
}
