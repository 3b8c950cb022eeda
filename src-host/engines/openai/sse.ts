/** Splits a text/event-stream into the `data` of its events. */
export interface SseParser {
  /** The data of every event that this text completes. */
  push(text: string): readonly string[];
  /** The data of a last event without its closing blank line. */
  end(): readonly string[];
}

/** A parser for one stream; throws what `tooLarge` makes once an event is longer than `maxEventChars`. */
export function createSseParser(maxEventChars: number, tooLarge: () => Error): SseParser {
  let rest = '';
  let data: string | null = null;

  function takeLine(line: string, complete: string[]): void {
    if (line === '') {
      if (data !== null) complete.push(data);
      data = null;
      return;
    }
    if (!line.startsWith('data')) return;
    if (line.length > 4 && line[4] !== ':') return;
    const value = line.slice(line[5] === ' ' ? 6 : 5);
    data = data === null ? value : `${data}\n${value}`;
    if (data.length > maxEventChars) throw tooLarge();
  }

  return {
    push(text) {
      const complete: string[] = [];
      const all = rest + text;
      let start = 0;
      for (let end = all.indexOf('\n'); end !== -1; end = all.indexOf('\n', start)) {
        takeLine(all.slice(start, all[end - 1] === '\r' && end > start ? end - 1 : end), complete);
        start = end + 1;
      }
      rest = all.slice(start);
      if (rest.length > maxEventChars) throw tooLarge();
      return complete;
    },
    end() {
      const complete: string[] = [];
      takeLine(rest.endsWith('\r') ? rest.slice(0, -1) : rest, complete);
      if (rest !== '') takeLine('', complete);
      rest = '';
      return complete;
    },
  };
}
