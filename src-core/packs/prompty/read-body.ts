import { mediaUrlProblem } from '../../contract/media-address.ts';
import type { MessagePart, MessageTemplateInput } from '../../contract/messages.ts';
import type { Json } from '../../contract/shared.ts';
import { outerBlocks, outerSections, scanTags, withSpacedPrints } from '../jinja/scan-tags.ts';
import { splitRoles } from '../jinja/split-roles.ts';
import type { Losses } from '../losses.ts';
import { mustacheToJinja } from '../mustache/mustache-to-jinja.ts';
import type { MustacheType } from '../mustache/section-types.ts';
import type { InputDraft } from '../prompt-draft.ts';
import type { InputNames } from '../text/names.ts';
import type { ReadInputs } from './read-inputs.ts';

export interface BodyContext {
  readonly version: 'v1' | 'v2';
  readonly language: 'jinja' | 'mustache';
  readonly inputs: ReadInputs;
  readonly names: InputNames;
  readonly losses: Losses;
}

export interface ReadBody {
  readonly messages: readonly MessageTemplateInput[];
  /** What stood between brackets behind a role: `{message, role, attributes}`. */
  readonly attributes: readonly Json[];
  /** Names of inputs that a placeholder takes. */
  readonly histories: ReadonlySet<string>;
  /** What Mustache shows of inputs that nobody declares. */
  readonly shown: readonly InputDraft[];
}

export function readBody(body: string, context: BodyContext): ReadBody {
  const { language, inputs, names, losses } = context;
  const shown: InputDraft[] = [];
  const attributes: Json[] = [];
  const histories = new Set<string>();
  // Each message is converted by itself, so lines would be those of a message.
  const withoutLines: Losses = { ...losses, add: (kind, what, where, why) => losses.add(kind, what, where, why) };
  const toJinja = (text: string): string => {
    if (language === 'jinja') return withSpacedPrints(text);
    const converted = mustacheToJinja(text, names, withoutLines, typesOf(inputs.inputs));
    shown.push(...converted.inputs);
    return converted.template;
  };
  const sections = splitRoles(body, losses, { threads: inputs.threads, language });
  const messages = sections.map((section, index): MessageTemplateInput => {
    if (section.kind === 'history') {
      const placeholder = names.legal(section.list);
      histories.add(placeholder);
      const declared = inputs.inputs.find(({ name }) => name === placeholder);
      const isOptional = section.optional || declared?.required === false;
      return { placeholder, ...(isOptional && { optional: true }) };
    }
    const { role } = section;
    for (const key of Object.keys(section.attributes))
      losses.add(
        'kept',
        'role-attribute',
        `${role}[${key}]`,
        'A message has no such attribute here. It is kept in the metadata.',
      );
    if (Object.keys(section.attributes).length > 0)
      attributes.push({ message: index, role, attributes: section.attributes });
    return { role, content: contentOf(section.text, context, toJinja) };
  });
  return { messages, attributes, histories, shown };
}

function typesOf(inputs: readonly InputDraft[]): ReadonlyMap<string, MustacheType> {
  return new Map(
    inputs.map(({ name, type, schema }): [string, MustacheType] => {
      if (type === 'messages' || type === 'array<string>' || schema?.type === 'array') return [name, 'array'];
      return [name, type === 'object' || type === 'boolean' || type === 'number' ? type : 'string'];
    }),
  );
}

interface Spot {
  readonly start: number;
  readonly end: number;
  /** Null for what is left out. */
  readonly part: MessagePart | null;
}

/** A text, or parts where media stand in it; a line break beside media that stand alone on a line belongs to neither. */
function contentOf(text: string, context: BodyContext, toJinja: (text: string) => string): string | MessagePart[] {
  const spots = [...inputSpots(text, context), ...imageSpots(text, context)].sort((a, b) => a.start - b.start);
  if (spots.length === 0) return toJinja(text);
  const parts: MessagePart[] = [];
  let at = 0;
  const addText = (end: number) => {
    const piece = text.slice(at, end);
    if (piece.trim() !== '') parts.push({ type: 'text', text: toJinja(piece) });
  };
  for (const { start, end, part } of spots) {
    if (start < at) continue;
    const opensLine = start === 0 || text[start - 1] === '\n';
    const closesLine = end === text.length || text[end] === '\n';
    const isAlone = opensLine && closesLine;
    addText(isAlone ? Math.max(at, start - 1) : start);
    if (part !== null) parts.push(part);
    at = isAlone ? Math.min(text.length, end + 1) : end;
  }
  addText(text.length);
  return parts;
}

/** Printed inputs that hold media. In a loop or a condition one stays text: a part stands there always. */
function inputSpots(text: string, { inputs, language, losses }: BodyContext): readonly Spot[] {
  if (inputs.media.size === 0) return [];
  const tags = scanTags(text);
  const blocks = language === 'jinja' ? outerBlocks(text, tags) : outerSections(text, tags);
  return tags.flatMap(({ kind, inner, start, end }): readonly Spot[] => {
    const input = inner.replace(/^[{&]\s*|\s*\}$/g, '');
    const type = kind === 'print' ? inputs.media.get(input) : undefined;
    if (type === undefined) return [];
    const isInside = blocks.some((block) => block.start <= start && end <= block.end);
    losses.add(
      'approximated',
      'media',
      input,
      isInside ? 'In a loop or a condition its address stays text.' : 'It became a part of the message.',
    );
    return isInside ? [] : [{ start, end, part: { type, input } }];
  });
}

const image = /!\[([^\]\n]*)\]\(([^()\n]+)\)/g;

/** Version 1 sends Markdown images as images, version 2 as text. */
function imageSpots(text: string, { version, names, inputs, losses }: BodyContext): readonly Spot[] {
  if (version !== 'v1') return [];
  const blocks = outerBlocks(text);
  return [...text.matchAll(image)].flatMap((match): readonly Spot[] => {
    const [whole, alt = '', target = ''] = match;
    const start = match.index;
    const end = start + whole.length;
    const address = target.trim().replace(/\s+"[^"]*"$/, '');
    const stays = (why: string): readonly Spot[] => {
      losses.add('approximated', 'media', address.slice(0, 200), why);
      return [];
    };
    const data = /^data:([\w.+-]+\/[\w.+-]+)?[^,]*,/i.exec(address);
    if (data !== null) {
      const size = Math.floor((address.length - data[0].length) * 0.75);
      losses.add(
        'dropped',
        'media',
        data[1] ?? 'image',
        `An image of ${size} bytes (${data[1] ?? 'of no type'}) stood in the text; add it to the message here.`,
      );
      return [{ start, end, part: null }];
    }
    if (blocks.some((block) => block.start <= start && end <= block.end))
      return stays('In a loop or a condition it stays text.');
    const name = alt.trim() === '' ? {} : { name: alt.trim().slice(0, 255) };
    const variable = /^\{\{-?\s*([\p{XID_Start}_][\p{XID_Continue}]*)\s*-?\}\}$/u.exec(address)?.[1];
    if (variable !== undefined) {
      const input = names.legal(variable);
      const declared = inputs.inputs.find((each) => each.name === input);
      if (declared !== undefined && declared.type !== 'string' && declared.type !== 'enum')
        return stays('Its address is no text, so it stays text.');
      losses.add('approximated', 'media', variable, 'It became a part of the message.');
      return [{ start, end, part: { type: 'image', input, ...name } }];
    }
    if (mediaUrlProblem(address) !== null) return stays('Its file does not come along; the line stays text.');
    losses.add('approximated', 'media', address.slice(0, 200), 'It became a part of the message.');
    return [{ start, end, part: { type: 'image', url: address, ...name } }];
  });
}
