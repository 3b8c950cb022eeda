/** One event of a text/event-stream. */
export interface SseEvent {
  /** `message` where the stream names none. */
  readonly name: string;
  readonly data: string;
}

/** Splits a text/event-stream into its events, whichever of the three line ends it has. */
export interface SseParser {
  /** Every event that this text completes. */
  push(text: string): readonly SseEvent[];
  /** A last event without its closing blank line. */
  end(): readonly SseEvent[];
}

/**
 * A parser for one stream; throws `tooLarge()` when an event is longer than `maxEventChars`. Beyond the standard it
 * accepts what servers send: two JSON events without a blank line between, a bare JSON line, llama-server's `error:`
 * field, and unescaped line breaks inside JSON strings.
 */
export function createSseParser(maxEventChars: number, tooLarge: () => Error): SseParser {
  /** The parts of a line that has not ended yet: joined once, so that a long line costs no more than its length. */
  let parts: string[] = [];
  let partsLength = 0;
  let data: string | null = null;
  let name = '';
  let afterReturn = false;
  /** Blank lines behind data that may not be whole. */
  let blanks = 0;

  function complete(events: SseEvent[]): void {
    if (data !== null) events.push({ name: name || 'message', data });
    data = null;
    name = '';
    blanks = 0;
  }

  function addData(value: string, events: SseEvent[]): void {
    // `}` before a line break and `{` or `[DONE]` after it are never inside one JSON text.
    if (data?.endsWith('}') && (value.startsWith('{') || value.startsWith('[DONE]'))) {
      const kept = name;
      complete(events);
      name = kept;
    }
    data = data === null ? value : `${data}\n${value}`;
    if (data.length > maxEventChars) throw tooLarge();
  }

  function takeLine(line: string, events: SseEvent[]): void {
    if (line === '') {
      if (isUnfinished(data)) blanks += 1;
      else complete(events);
      return;
    }
    if (isUnfinished(data) && !isField.test(line)) {
      data = `${data}${'\n'.repeat(blanks + 1)}${line}`;
      blanks = 0;
      if (data.length > maxEventChars) throw tooLarge();
      return;
    }
    if (blanks > 0) complete(events);
    if (line.startsWith('{')) {
      addData(line, events);
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    switch (field) {
      case 'data':
        addData(value, events);
        return;
      case 'event':
        name = value.trim();
        return;
      case 'error':
        complete(events);
        events.push({ name: 'error', data: value });
        return;
      default:
    }
  }

  function endLine(rest: string, events: SseEvent[]): void {
    const line = parts.length === 0 ? rest : `${parts.join('')}${rest}`;
    parts = [];
    partsLength = 0;
    takeLine(line, events);
  }

  return {
    push(text) {
      const events: SseEvent[] = [];
      let start = 0;
      if (afterReturn && text.startsWith('\n')) start = 1;
      if (text !== '') afterReturn = false;
      for (let at = nextBreak(text, start); at !== -1; at = nextBreak(text, start)) {
        endLine(text.slice(start, at), events);
        start = at + 1;
        if (text[at] !== '\r') continue;
        // The line feed of a pair may come with the next piece.
        if (text[start] === '\n') start += 1;
        else if (start === text.length) afterReturn = true;
      }
      if (start < text.length) {
        parts.push(text.slice(start));
        partsLength += text.length - start;
        if (partsLength > maxEventChars) throw tooLarge();
      }
      return events;
    },
    end() {
      const events: SseEvent[] = [];
      if (parts.length > 0) endLine('', events);
      complete(events);
      return events;
    },
  };
}

/** What a line of an event stream begins with; anything else belongs to the data before it. */
const isField = /^(?:(?:data|event|id|retry|error)(?::|$)|:|\{)/;

/** An object without its end. */
function isUnfinished(data: string | null): data is string {
  return data?.startsWith('{') === true && !data.endsWith('}');
}

const breaks = /[\r\n]/g;

function nextBreak(text: string, from: number): number {
  breaks.lastIndex = from;
  return breaks.exec(text)?.index ?? -1;
}
