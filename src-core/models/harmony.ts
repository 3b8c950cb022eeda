import type { EngineEvent } from '../ports.ts';

type HarmonyEvent = Extract<EngineEvent, { kind: 'delta' | 'reasoning' | 'tool_call' }>;

/** Reads the channels of gpt-oss (github.com/openai/harmony) where a server passes their tokens on as text. */
export interface HarmonyStream {
  push(text: string): readonly HarmonyEvent[];
  end(): readonly HarmonyEvent[];
}

/** What such a text begins with. */
export const harmonyOpenings = ['<|channel|>', '<|start|>'] as const;

const startOfBody = '<|message|>';
/** Each ends the body of a message; the last two begin the header of the next. */
const endsOfBody = ['<|end|>', '<|return|>', '<|call|>', '<|start|>', '<|channel|>'] as const;
/** A header that is longer is none. */
const longestHeader = 500;

type Body =
  | { readonly kind: 'delta' | 'reasoning' }
  | { readonly kind: 'tool_call'; readonly index: number; readonly name: string };

export function createHarmonyStream(): HarmonyStream {
  let held = '';
  let body: Body | null = null;
  let calls = 0;
  /** Something was thought, and what comes next is another message. */
  let gap: 'none' | 'before' | 'due' = 'none';

  function say(into: Body, text: string): HarmonyEvent[] {
    if (text === '') return [];
    switch (into.kind) {
      case 'tool_call':
        return [{ kind: 'tool_call', index: into.index, id: '', name: into.name, argumentsDelta: text }];
      case 'reasoning': {
        const apart = gap === 'due' ? '\n\n' : '';
        gap = 'before';
        return [{ kind: 'reasoning', text: `${apart}${text}` }];
      }
      case 'delta':
        return [{ kind: 'delta', text }];
    }
  }

  /** The body that begins now, or null while its header may still grow. */
  function enter(last: boolean): Body | null {
    const at = held.indexOf(startOfBody);
    const header = at < 0 ? held : held.slice(0, at);
    if (at < 0 && isHeader(header)) {
      if (last) held = '';
      return null;
    }
    // Text without a header is meant for the reader.
    if (at < 0) return { kind: 'delta' };
    held = held.slice(at + startOfBody.length);
    return bodyOf(header, () => calls++);
  }

  function take(last: boolean): HarmonyEvent[] {
    const events: HarmonyEvent[] = [];
    for (;;) {
      body ??= enter(last);
      if (body === null) return events;
      const end = firstOf(held);
      const cut = end?.at ?? held.length - (last ? 0 : partialLength(held));
      events.push(...say(body, held.slice(0, cut)));
      held = held.slice(cut);
      if (end === null) return events;
      if (!(harmonyOpenings as readonly string[]).includes(end.tag)) held = held.slice(end.tag.length);
      if (gap === 'before') gap = 'due';
      body = null;
    }
  }

  return {
    push(text) {
      held += text;
      return take(false);
    },
    end: () => take(true),
  };
}

/** `<|start|>assistant<|channel|>commentary to=functions.f <|constrain|>json`, or the beginning of such a thing. */
function isHeader(text: string): boolean {
  const start = text.trimStart();
  if (start.length > longestHeader) return false;
  return start === '' || start.startsWith('<|') || '<|'.startsWith(start);
}

function bodyOf(header: string, nextCall: () => number): Body {
  const channel = /<\|channel\|>\s*(\w+)/.exec(header)?.[1];
  const callee = /to=functions\.([\w.-]+)/.exec(header)?.[1];
  if (callee !== undefined) return { kind: 'tool_call', index: nextCall(), name: callee };
  return { kind: channel === undefined || channel === 'final' || channel === 'assistant' ? 'delta' : 'reasoning' };
}

function firstOf(text: string): { readonly at: number; readonly tag: string } | null {
  const found = endsOfBody.map((tag) => ({ at: text.indexOf(tag), tag })).filter(({ at }) => at >= 0);
  return found.length === 0 ? null : found.reduce((first, each) => (each.at < first.at ? each : first));
}

/** How much of the end may belong to one of the tags. */
function partialLength(text: string): number {
  const at = text.lastIndexOf('<');
  const tail = at < 0 ? '' : text.slice(at);
  return tail !== '' && endsOfBody.some((tag) => tag.startsWith(tail)) ? tail.length : 0;
}
