import { type Plugin, parseAst } from 'vite';

/** A place where text could become code. */
export interface CodeGeneration {
  /** What it is, as in `new Function(…)`. */
  readonly what: string;
  /** The code there, cut to one short line. */
  readonly text: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

const makers: ReadonlySet<string> = new Set(['eval', 'Function', 'execScript']);
const globals: ReadonlySet<string> = new Set(['globalThis', 'window', 'self', 'global', 'top', 'parent', 'frames']);
const timers: ReadonlySet<string> = new Set(['setTimeout', 'setInterval', 'setImmediate']);
const mayContain = /\beval\b|\bFunction\b|\bexecScript\b|\bset(?:Timeout|Interval|Immediate)\b|\bconstructor\b/;

/** Every place in a module (JavaScript) that could run text as code, found in its syntax tree. */
export function findCodeGeneration(code: string): readonly CodeGeneration[] {
  if (!mayContain.test(code)) return [];
  const found: CodeGeneration[] = [];
  walk(parseAst(code) as unknown as Node, null, '', (node, parent, key) => {
    const what = generationAt(node, parent, key);
    if (what === null) return;
    found.push({ what, text: code.slice(node.start, node.end).replace(/\s+/g, ' ').slice(0, 80) });
  });
  return found;
}

type Visit = (node: Node, parent: Node | null, key: string) => void;

function walk(node: Node, parent: Node | null, key: string, visit: Visit): void {
  visit(node, parent, key);
  for (const [name, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, node, name, visit);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function generationAt(node: Node, parent: Node | null, key: string): string | null {
  if (node.type === 'Identifier' && makers.has(String(node.name)) && isTaken(parent, key)) return String(node.name);
  if (node.type === 'MemberExpression') return memberAt(node);
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return null;
  const callee = node.callee as Node;
  const [first] = node.arguments as readonly Node[];
  if (first === undefined || !isText(first)) return null;
  const name = nameOf(callee);
  if (name !== null && timers.has(name)) return `${name}("…")`;
  return name === 'constructor' && callee.type === 'MemberExpression' ? '.constructor("…")' : null;
}

/** Whether an identifier is read in a way that could call it, and not only named, compared or accessed. */
function isTaken(parent: Node | null, key: string): boolean {
  if (parent === null) return false;
  switch (parent.type) {
    case 'MemberExpression':
      return key !== 'object' && parent.computed === true;
    case 'Property':
      return key === 'value' || parent.computed === true;
    case 'BinaryExpression':
      return !['instanceof', '===', '!==', '==', '!='].includes(String(parent.operator));
    case 'UnaryExpression':
      return parent.operator !== 'typeof';
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return key === 'value';
    case 'LabeledStatement':
    case 'ExportSpecifier':
    case 'ImportSpecifier':
      return false;
    default:
      return true;
  }
}

/** `globalThis.eval`, `window['Function']` or `(…).constructor.constructor`. */
function memberAt(node: Node): string | null {
  const name = nameOf(node);
  const object = node.object as Node;
  if (name !== null && makers.has(name) && object.type === 'Identifier' && globals.has(String(object.name)))
    return `${String(object.name)}.${name}`;
  return name === 'constructor' && nameOf(object) === 'constructor' ? '.constructor.constructor' : null;
}

/** What is called or read: the identifier, or the last member of a path. */
function nameOf(node: Node): string | null {
  if (node.type === 'Identifier') return String(node.name);
  if (node.type !== 'MemberExpression') return null;
  const property = node.property as Node;
  if (property.type === 'Literal') return String(property.value);
  return node.computed === true ? null : String(property.name);
}

/** Whether an argument is text for certain: a literal, a template or a sum with one of them. */
function isText(node: Node): boolean {
  if (node.type === 'TemplateLiteral') return true;
  if (node.type === 'Literal') return typeof node.value === 'string';
  return node.type === 'BinaryExpression' && (isText(node.left as Node) || isText(node.right as Node));
}

/** The library that a module belongs to, or its path in this project. */
export function ownerOf(moduleId: string): string {
  const inPackage = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(moduleId);
  return inPackage?.[1] ?? moduleId.replace(/[?#].*$/, '').replaceAll('\\', '/');
}

/** Fails a build that has a module which could run text as code, unless its library is allowed to. */
export function forbidCodeGeneration(allowed: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'forbid-code-generation',
    generateBundle(_, bundle) {
      for (const output of Object.values(bundle)) {
        if (output.type !== 'chunk') continue;
        for (const [id, { code }] of Object.entries(output.modules)) {
          const owner = ownerOf(id);
          const [first] = Object.hasOwn(allowed, owner) ? [] : findCodeGeneration(code ?? '');
          if (first !== undefined)
            this.error(`${owner} in ${output.fileName} could run text as code: ${first.what} at "${first.text}".`);
        }
      }
    },
  };
}
