import { fileURLToPath } from 'node:url';
import type {
  ChatMessage,
  EngineEvent,
  GenerateRequest,
  LocalEngine,
  LocalModelState,
  LocalTarget,
} from '../../../../src-core/ports.ts';
import type { EngineChannel, LaunchEngine } from '../engine-channel.ts';
import { forkEngine } from '../fork-engine.ts';

/** The model that every checkout has. */
export const starterPath = fileURLToPath(
  new URL('../../../../resources/models/promptdev-starter.gguf', import.meta.url),
);
export const starterQ8Path = fileURLToPath(
  new URL('../../../../resources/models/promptdev-starter-q8_0.gguf', import.meta.url),
);

/** A target for the file, as a person who added it without choices would get. */
export async function targetOf(engine: LocalEngine, id: string, path: string): Promise<LocalTarget> {
  const { sha256 } = await engine.inspect(path);
  return { id, path, sha256, contextSize: null, gpu: 'cpu', threads: null };
}

export interface Answer {
  readonly text: string;
  readonly deltas: number;
  readonly events: readonly EngineEvent['kind'][];
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly reason: string | null;
}

/** Runs to the end and adds up what came. */
export async function ask(
  engine: LocalEngine,
  target: LocalTarget,
  prompt: string | readonly ChatMessage[],
  sampling: GenerateRequest['sampling'] = { temperature: 0 },
  signal: AbortSignal = new AbortController().signal,
): Promise<Answer> {
  const messages = typeof prompt === 'string' ? [{ role: 'user', content: prompt } as const] : prompt;
  let answer: Answer = { text: '', deltas: 0, events: [], inputTokens: 0, outputTokens: 0, reason: null };
  for await (const event of engine.generate(target, { messages, sampling }, signal)) {
    answer = { ...answer, events: [...answer.events, event.kind] };
    if (event.kind === 'delta') answer = { ...answer, text: answer.text + event.text, deltas: answer.deltas + 1 };
    if (event.kind === 'replace') answer = { ...answer, text: event.output };
    if (event.kind === 'usage')
      answer = { ...answer, inputTokens: event.inputTokens ?? 0, outputTokens: event.outputTokens ?? 0 };
    if (event.kind === 'finish') answer = { ...answer, reason: event.reason };
  }
  return answer;
}

/** Starts engine processes as usual and records them, so that a test can kill them. */
export function recordedLaunch(): { readonly launch: LaunchEngine; readonly channels: readonly EngineChannel[] } {
  const channels: EngineChannel[] = [];
  const launch: LaunchEngine = (entry, env) => {
    const channel = forkEngine(entry, env);
    channels.push(channel);
    return channel;
  };
  return { launch, channels };
}

/** Resolves with the first state of the model that `wanted` accepts, also when it is there already. */
export function stateReached(
  engine: LocalEngine,
  id: string,
  wanted: LocalModelState['kind'],
): Promise<LocalModelState> {
  return new Promise((resolve) => {
    const now = engine.state(id);
    if (now.kind === wanted) return resolve(now);
    const stop = engine.onState((changed, state) => {
      if (changed !== id || state.kind !== wanted) return;
      stop();
      resolve(state);
    });
  });
}
