/** A name that the template itself defines at a place. */
export interface Local {
  readonly name: string;
  readonly from: 'for' | 'set' | 'macro' | 'parameter' | 'with' | 'import';
  /** The path of the value that it stands for, as in `documents[]`; null when that cannot be told. */
  readonly path: string | null;
  /** The statement that defines it, as in `for d in documents`. */
  readonly statement: string;
}

interface Scope {
  readonly opened: string;
  readonly locals: Map<string, Local>;
}

const opening = /^(for|asyncEach|asyncAll|macro|call|with|block|filter|if|tablerow|unless|case)\b/;

/** The names that the statements before a place define there, inner ones hiding outer ones. */
export function localsAt(statements: readonly string[]): ReadonlyMap<string, Local> {
  const scopes: Scope[] = [{ opened: '', locals: new Map() }];
  const find = (name: string) => scopes.findLast(({ locals }) => locals.has(name))?.locals.get(name);
  let statement = '';
  const add = (scope: Scope | undefined, name: string, from: Local['from'], path: string | null) =>
    scope?.locals.set(name, { name, from, path, statement });
  // A `set` inside an `if` also holds after it.
  const lasting = () => scopes.findLast(({ opened }) => !/^(if|unless|case)$/.test(opened));

  for (const code of statements) {
    statement = code.replace(/\s+/g, ' ');
    const ended = /^end(\w+)/.exec(code)?.[1];
    const end = ended === 'each' ? 'asyncEach' : ended === 'all' ? 'asyncAll' : ended;
    if (end !== undefined) {
      const index = scopes.findLastIndex(({ opened }) => opened === end);
      if (index > 0) scopes.length = index;
      continue;
    }
    const assigned = /^(?:set|assign)\s+([\p{XID_Start}_][\p{XID_Continue}-]*)\s*=\s*(.*)$/su.exec(code);
    if (assigned !== null) add(lasting(), assigned[1] ?? '', 'set', pathOf(assigned[2] ?? '', find));
    const captured = /^(?:set|capture)\s+([\p{XID_Start}_][\p{XID_Continue}-]*)\s*(?:\||$)/u.exec(code);
    if (captured !== null) add(lasting(), captured[1] ?? '', 'set', null);
    for (const name of importedNames(code)) add(lasting(), name, 'import', null);
    const opened = opening.exec(code)?.[1];
    if (opened === undefined) continue;
    if (opened === 'macro') add(lasting(), /^macro\s+(\p{XID_Continue}+)/u.exec(code)?.[1] ?? '', 'macro', null);
    const scope: Scope = { opened, locals: new Map() };
    for (const { name, from, path } of boundBy(code, find)) add(scope, name, from, path);
    scopes.push(scope);
  }
  return new Map(scopes.flatMap(({ locals }) => [...locals]));
}

type Find = (name: string) => Local | undefined;

/** What a statement binds for its own body. */
function boundBy(code: string, find: Find): readonly Omit<Local, 'statement'>[] {
  const loop = /^(?:for|asyncEach|asyncAll|tablerow)\s+(.+?)\s+in\s+(.*)$/s.exec(code);
  if (loop !== null) {
    const names = (loop[1] ?? '').match(/[\p{XID_Start}_]\p{XID_Continue}*/gu) ?? [];
    const source = pathOf(loop[2] ?? '', find);
    const path = names.length === 1 && source !== null ? `${source}[]` : null;
    return names.map((name) => ({ name, from: 'for', path }));
  }
  const signature = /^(?:macro\s+\p{XID_Continue}+|call)\s*\(([^)]*)\)/u.exec(code)?.[1];
  if (signature !== undefined) {
    const names = [...signature.matchAll(/(?:^|,)\s*([\p{XID_Start}_]\p{XID_Continue}*)/gu)].map(
      ([, name = '']) => name,
    );
    return names.map((name) => ({ name, from: 'parameter', path: null }));
  }
  if (!code.startsWith('with')) return [];
  const bindings = code.slice(4).matchAll(/(?:^|,)\s*([\p{XID_Start}_]\p{XID_Continue}*)\s*=\s*([^,]*)/gu);
  return [...bindings].map(([, name = '', value = '']) => ({ name, from: 'with', path: pathOf(value, find) }));
}

function importedNames(code: string): readonly string[] {
  const whole = /^import\s+.+?\s+as\s+([A-Za-z_]\w*)/.exec(code)?.[1];
  if (whole !== undefined) return [whole];
  const list = /^from\s+.+?\s+import\s+(.*)$/s.exec(code)?.[1] ?? '';
  return list
    .replace(/\s+with(?:out)?\s+context\s*$/, '')
    .split(',')
    .flatMap((part) => /([\p{XID_Start}_]\p{XID_Continue}*)\s*$/u.exec(part)?.[1] ?? []);
}

/** Filters that return the same items, so that their shape is still known. */
const keepsItems =
  /^\s*(?:(?:sort|reverse|list|unique|select|reject|selectattr|rejectattr|default|d|where|compact|uniq)\b[^|]*(?:\||$)\s*)*$/;

function pathOf(expression: string, find: Find): string | null {
  const plain =
    /^\s*([\p{XID_Start}_][\p{XID_Continue}-]*(?:\.[\p{XID_Start}_][\p{XID_Continue}-]*|\[\d+\])*)\s*(?:\|(.*)|if\b.*|recursive|limit:.*|reversed)?\s*$/su.exec(
      expression,
    );
  if (plain === null || !keepsItems.test(plain[2] ?? '')) return null;
  return resolvePath(plain[1] ?? '', find);
}

/** A path with its first name replaced by what that stands for; null when that is not known. */
export function resolvePath(written: string, find: Find): string | null {
  const path = written.replaceAll(/\[["'](\p{XID_Continue}+)["']\]/gu, '.$1').replaceAll(/\[\d+\]/g, '[]');
  const [first = ''] = /^[^.[]+/.exec(path) ?? [];
  const local = find(first);
  if (local === undefined) return path;
  return local.path === null ? null : local.path + path.slice(first.length);
}
