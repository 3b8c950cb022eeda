/// <reference path="../liquidjs.d.ts" />
import {
  AssignTag,
  type Context,
  type Emitter,
  evalToken,
  type Liquid,
  type LiquidNode,
  type Parser,
  RenderTag,
  Tag,
  type TagToken,
  type TemplateName,
  type Token,
  TokenKind,
  type TokenSource,
  toValue,
} from 'liquidjs/dist/liquid.browser.mjs';

/** The variable that `with` and `for` set without `as`: the prompt's name without project and version. */
export function defaultNameOf(template: string): string {
  return template.replace(/@.*$/, '').replace(/^.*\//, '');
}

/** `render`, whose `with` and `for` set a variable with a name that a template can write. */
export class NamedRenderTag extends RenderTag {
  constructor(token: TagToken, rest: TokenSource, liquid: Liquid, parser: Parser) {
    super(token, rest, liquid, parser);
    for (const binding of [this.with, this.forBinding]) {
      if (binding !== undefined && typeof this.file === 'string')
        Object.assign(binding, { alias: binding.alias ?? defaultNameOf(this.file) });
    }
  }
}

/** `include` as Shopify has it: liquidjs knows neither its `for` nor its `as`. */
export class IncludeTag extends NamedRenderTag {
  override *render(context: Context, emitter: Emitter): Generator {
    const { liquid, file, hash } = this;
    const name = (yield templateName(file, context, liquid)) as string;
    const scope = { ...((yield hash.render(context)) as object) } as Record<string, unknown>;
    const nodes = (yield liquid._parsePartialFile(name)) as LiquidNode[];
    const saved = context.saveRegister('blocks', 'blockMode');
    context.setRegister('blocks', {});
    context.setRegister('blockMode', 0);
    const binding = this.with ?? this.forBinding;
    const value = binding === undefined ? undefined : toValue(yield evalToken(binding.value, context));
    for (const item of Array.isArray(value) ? value : [value]) {
      const own = binding === undefined ? {} : { [binding.alias ?? defaultNameOf(name)]: item };
      context.push(Object.assign(Object.create(null), scope, own));
      yield liquid.renderer.renderTemplates(nodes, context, emitter);
      context.pop();
    }
    context.restoreRegister(saved);
  }
}

function* templateName(file: TemplateName, context: Context, liquid: Liquid): Generator {
  if (typeof file === 'string') return file;
  const value = isNodes(file)
    ? yield liquid.renderer.renderTemplates(file, context)
    : toValue(yield evalToken(file, context));
  if (typeof value !== 'string' || value === '') throw new Error('the name of a template must be a text');
  return value;
}

function isNodes(file: TemplateName): file is readonly LiquidNode[] {
  return Array.isArray(file);
}

/** `assign` that in strict mode does not turn an undefined value into nil. */
export class StrictAssignTag extends AssignTag {
  override *render(context: Context): Generator {
    context.bottom()[this.key] = yield this.value.value(context, false);
  }
}

/** `ifchanged`: its text, unless it is the same as the last time. */
export class IfChangedTag extends Tag {
  readonly nodes: readonly LiquidNode[];

  constructor(token: TagToken, rest: TokenSource, liquid: Liquid, parser: Parser) {
    super(token, rest, liquid, parser);
    const nodes: LiquidNode[] = [];
    for (const inner of tokensUntil('endifchanged', token, rest)) nodes.push(parser.parseToken(inner, rest));
    this.nodes = nodes;
  }

  *render(context: Context, emitter: Emitter): Generator {
    const text = yield this.liquid.renderer.renderTemplates(this.nodes, context);
    if (text === context.getRegister('ifchanged')) return;
    context.setRegister('ifchanged', text);
    emitter.write(text);
  }

  // biome-ignore lint/correctness/useYield: liquidjs takes what the generator returns.
  *children(): Generator<unknown, readonly LiquidNode[]> {
    return this.nodes;
  }
}

/** `doc`: documentation inside a template. */
export class DocTag extends Tag {
  constructor(token: TagToken, rest: TokenSource, liquid: Liquid, parser: Parser) {
    super(token, rest, liquid, parser);
    for (const _ of tokensUntil('enddoc', token, rest));
  }

  render(): void {}
}

function* tokensUntil(end: string, start: TagToken, rest: TokenSource): Generator<Token> {
  for (let token = rest.shift(); token !== undefined; token = rest.shift()) {
    if (token.kind === TokenKind.Tag && (token as TagToken).name === end) return;
    yield token;
  }
  throw new Error(`tag ${start.getText()} not closed`);
}
