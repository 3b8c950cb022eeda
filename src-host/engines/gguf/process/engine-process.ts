import { AppError, toAppError } from '../../../../src-core/scope/errors.ts';
import type { TextMessage } from '../text-messages.ts';
import { openWire, type Wire } from './engine-wire.ts';
import { type LoadedModel, loadModel } from './llama-model.ts';
import { type GenerateCommand, type LoadCommand, protocolVersion } from './protocol.ts';

/** Text is gathered for this long, because a message per token would limit the speed. */
const batchMs = 10;

function serve(wire: Wire): void {
  let model: LoadedModel | null = null;
  const running = new Map<number, AbortController>();

  const load = async (command: LoadCommand): Promise<void> => {
    try {
      if (command.version !== protocolVersion)
        throw new AppError('internal', 'The engine process is of another version than the host.');
      model = await loadModel(command, {
        onProgress: createProgress((fraction) => wire.send({ kind: 'progress', fraction })),
        onThreads: (threads) => wire.send({ kind: 'threads', threads }),
      });
      wire.send({ kind: 'ready', ...model.ready });
    } catch (error) {
      wire.send({ kind: 'load-failed', error: explain(error) });
    }
  };

  const generate = async (command: GenerateCommand): Promise<void> => {
    const { id } = command;
    const controller = new AbortController();
    running.set(id, controller);
    const batch = createBatch((text) => wire.send({ kind: 'delta', id, text }));
    try {
      await announce(id);
      const result = await loaded(model).generate(command, controller.signal, {
        onPrepared: () => wire.send({ kind: 'prepared', id }),
        onStart: (thinking) => wire.send({ kind: 'started', id, thinking }),
        onText: batch.add,
      });
      batch.flush();
      wire.send({ kind: 'done', id, ...result });
    } catch (error) {
      batch.flush();
      wire.send({ kind: 'failed', id, error: explain(error) });
    } finally {
      running.delete(id);
    }
  };

  /** Tells the host before long texts and schemas block this thread. */
  const announce = async (id: number): Promise<void> => {
    wire.send({ kind: 'preparing', id });
    await new Promise((resolve) => setImmediate(resolve));
  };

  const countTokens = async (id: number, messages: readonly TextMessage[]): Promise<void> => {
    try {
      await announce(id);
      const { counts, total } = loaded(model).count(messages);
      wire.send({ kind: 'counted', id, counts: [...counts], total });
    } catch (error) {
      wire.send({ kind: 'failed', id, error: explain(error) });
    }
  };

  wire.onCommand((command) => {
    switch (command.kind) {
      case 'load':
        return void load(command);
      case 'generate':
        return void generate(command);
      case 'cancel':
        return running.get(command.id)?.abort(new AppError('cancelled', 'The run was cancelled.'));
      case 'count':
        return void countTokens(command.id, command.messages);
      case 'ping':
        return wire.send({ kind: 'pong' });
    }
  });
  wire.send({ kind: 'hello', version: protocolVersion });
}

function loaded(model: LoadedModel | null): LoadedModel {
  if (model === null) throw new AppError('unavailable', 'The model is not loaded yet.');
  return model;
}

/** Keeps the text of an unexpected error, because only the host reads it. */
function explain(error: unknown) {
  if (error instanceof AppError) return error.toData();
  return { ...toAppError(error).toData(), details: { cause: error instanceof Error ? error.message : String(error) } };
}

/** llama.cpp reports every tensor; a hundredth of the file at a time is enough. */
function createProgress(send: (fraction: number) => void) {
  let last = 0;
  return (fraction: number): void => {
    if (fraction < last + 0.01) return;
    last = fraction;
    send(fraction);
  };
}

function createBatch(send: (text: string) => void) {
  let text = '';
  let timer: NodeJS.Timeout | null = null;
  let sent = 0;
  const flush = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (text === '') return;
    send(text);
    text = '';
    sent = performance.now();
  };
  return {
    add(more: string): void {
      text += more;
      // The first text of a run is sent at once, so that the answer begins without delay.
      if (performance.now() - sent >= batchMs) flush();
      else timer ??= setTimeout(flush, batchMs);
    },
    flush,
  };
}

// Ctrl+C in a terminal reaches this process too, but its host decides when it ends.
process.on('SIGINT', () => undefined);
openWire(serve);
