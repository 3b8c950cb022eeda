import { isPlainObject } from '../../../../src-core/contract/json.ts';
import type { EngineEvent } from '../../../../src-core/ports.ts';
import { listIn, numberIn, textIn, type WireObject, wireObjectIn } from '../wire/wire-values.ts';

type ToolCallEvent = Extract<EngineEvent, { kind: 'tool_call' }>;

/** Most calls in one answer; more are treated as an error of the endpoint. */
export const mostCalls = 1_000;

/** Tells which call each delta belongs to, and numbers the calls 0, 1, 2 … in the order in which they began. */
export interface ToolCallReader {
  /** The events of one `delta` or `message`. */
  read(delta: WireObject): readonly ToolCallEvent[];
  readonly count: number;
  /** True once more calls began than are kept. */
  readonly overflowed: boolean;
}

interface Call {
  readonly position: number;
  /** As the endpoint numbers it; endpoints begin at 1, repeat 0, or leave it out. */
  readonly index: number | null;
  id: string;
  name: string;
  /** Whether its arguments so far are complete JSON. */
  readonly balance: Balance;
}

interface Piece {
  readonly index: number | null;
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

export function createToolCallReader(): ToolCallReader {
  const calls: Call[] = [];
  let overflowed = false;

  function begin(piece: Piece): Call | null {
    if (calls.length >= mostCalls) {
      overflowed = true;
      return null;
    }
    const call = { position: calls.length, index: piece.index, id: '', name: '', balance: createBalance() };
    calls.push(call);
    return call;
  }

  function take(piece: Piece, touched: Set<Call>): ToolCallEvent | null {
    const known = callOf(piece, calls, touched);
    if (!known && piece.id === '' && piece.name === '' && piece.arguments === '') return null;
    const call = known ?? begin(piece);
    if (call === null) return null;
    touched.add(call);
    const name = joinedName(call, piece);
    const changed = name !== call.name || (call.id === '' && piece.id !== '') || piece.arguments !== '';
    call.name = name;
    call.id ||= piece.id;
    call.balance.read(piece.arguments);
    if (known && !changed) return null;
    return { kind: 'tool_call', index: call.position, id: call.id, name, argumentsDelta: piece.arguments };
  }

  return {
    read(delta) {
      const touched = new Set<Call>();
      return piecesIn(delta).flatMap((piece) => take(piece, touched) ?? []);
    },
    get count() {
      return calls.length;
    },
    get overflowed() {
      return overflowed;
    },
  };
}

/** The call that a piece goes on with, or undefined when it begins a new one. */
function callOf(piece: Piece, calls: readonly Call[], touched: ReadonlySet<Call>): Call | undefined {
  const sameIndex = (call: Call) => piece.index === null || call.index === null || call.index === piece.index;
  if (piece.id !== '') {
    const byId = calls.findLast((call) => call.id === piece.id && sameIndex(call));
    const another = byId && piece.name !== '' && byId.name !== '' && piece.name !== byId.name && byId.balance.whole;
    if (another) return undefined;
    if (byId && !touched.has(byId)) return byId;
  }
  const candidate = piece.index === null ? calls.at(-1) : calls.findLast((call) => call.index === piece.index);
  // Two entries of one list are two calls.
  if (!candidate || touched.has(candidate)) return undefined;
  if (piece.id !== '' && candidate.id !== '' && piece.id !== candidate.id) {
    // Some servers send a new id with every piece; then only a name begins a call.
    const goesOn = piece.name === '' && piece.arguments !== '' && candidate.balance.begun && !candidate.balance.whole;
    return goesOn ? candidate : undefined;
  }
  if (piece.name !== '' && candidate.name !== '' && begins(piece, candidate)) return undefined;
  return candidate;
}

/** Whether a named piece without an id of its own is another call than the one before. */
function begins(piece: Piece, candidate: Call): boolean {
  if (piece.id !== '' && piece.id === candidate.id) return false;
  if (piece.name === candidate.name) return piece.arguments !== '' && candidate.balance.whole;
  return candidate.balance.begun || piece.id !== '';
}

/** A repeated name counts once; parts of a name before the arguments are joined. */
function joinedName(call: Call, piece: Piece): string {
  if (piece.name === '' || piece.name === call.name || call.balance.begun) return call.name || piece.name;
  return piece.name.startsWith(call.name) ? piece.name : call.name + piece.name;
}

function piecesIn(delta: WireObject): readonly Piece[] {
  const listed = Array.isArray(delta.tool_calls)
    ? delta.tool_calls
    : isPlainObject(delta.tool_calls)
      ? [delta.tool_calls]
      : [];
  const pieces = listed.filter(isPlainObject).map(pieceOf);
  // The older form for a single call; some endpoints send both.
  const legacy = delta.function_call;
  return pieces.length === 0 && isPlainObject(legacy)
    ? [pieceOf({ function: legacy })]
    : [...pieces, ...piecesAmong(delta.content)];
}

/** Calls among the parts of a content, as Anthropic writes them. */
function piecesAmong(content: unknown): readonly Piece[] {
  return listIn(content)
    .filter(isPlainObject)
    .filter((part) => part.type === 'tool_use' || part.type === 'tool_call')
    .map(pieceOf);
}

function pieceOf(call: WireObject): Piece {
  const inner = isPlainObject(call.function) ? call.function : isPlainObject(call.custom) ? call.custom : call;
  const index = numberIn(call.index);
  return {
    index,
    id: textIn(call.id ?? call.tool_call_id),
    name: textIn(inner.name ?? wireObjectIn(inner.function).name),
    arguments: argumentsOf(inner.arguments ?? inner.parameters ?? inner.input),
  };
}

/** Text as it is; an object is converted to JSON. */
function argumentsOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Follows JSON text through its pieces, each character once. */
interface Balance {
  read(text: string): void;
  readonly begun: boolean;
  /** All that was opened is closed. */
  readonly whole: boolean;
}

function createBalance(): Balance {
  let depth = 0;
  let begun = false;
  let inString = false;
  let escaped = false;
  return {
    read(text) {
      begun ||= text !== '';
      for (const character of text) {
        if (escaped) escaped = false;
        else if (inString && character === '\\') escaped = true;
        else if (character === '"') inString = !inString;
        else if (!inString && (character === '{' || character === '[')) depth += 1;
        else if (!inString && (character === '}' || character === ']')) depth -= 1;
      }
    },
    get begun() {
      return begun;
    },
    get whole() {
      return begun && depth <= 0 && !inString;
    },
  };
}
