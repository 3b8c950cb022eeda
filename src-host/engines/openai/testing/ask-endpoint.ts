import type { Sampling } from '../../../../src-core/contract/content.ts';
import type { Price } from '../../../../src-core/contract/models.ts';
import type { GenerateRequest } from '../../../../src-core/ports.ts';
import { executePlainly, type PlainResult } from '../../../../src-core/runs/testing/execute-plainly.ts';
import { createRemoteEngine } from '../remote-engine.ts';
import type { Behaviour } from './behaviours.ts';
import { targetOf } from './drive.ts';
import { startScriptedEndpoint } from './scripted-endpoint.ts';

/** An endpoint with these models, and the engine that asks it. */
export interface AskedEndpoint {
  /** The finished run of this model. */
  ask(model: string, options?: { readonly price?: Price; readonly sampling?: Sampling }): Promise<PlainResult>;
  close(): Promise<void>;
}

/** Whole runs on a scripted endpoint, through the engine. */
export async function askedEndpoint(models: Readonly<Record<string, Behaviour>>): Promise<AskedEndpoint> {
  const endpoint = await startScriptedEndpoint({ models });
  const engine = createRemoteEngine({ retry: { baseMs: 1 } });
  return {
    ask(model, { price, sampling = {} } = {}) {
      const target = targetOf(endpoint.baseUrl, model);
      const ports = {
        clock: { now: () => '2026-01-01T00:00:00.000Z', monotonic: () => performance.now() },
        resolve: async () => ({
          id: model,
          kind: 'remote' as const,
          identity: {},
          price: price ?? null,
          generate: (request: GenerateRequest, signal: AbortSignal) => engine.generate(target, request, signal),
        }),
        log: (message: string, cause: unknown) => {
          throw new Error(message, { cause });
        },
      };
      const request = {
        messages: [{ role: 'user' as const, content: 'Hello' }],
        sampling,
        tools: [],
        responseSchema: null,
      };
      return executePlainly(ports, { ...request, models: [model] });
    },
    async close() {
      engine.dispose();
      await endpoint.close();
    },
  };
}
