import {
  type ScriptedEndpoint,
  type ScriptedEndpointOptions,
  startScriptedEndpoint,
} from '../../src-host/engines/openai/testing/scripted-endpoint.ts';
import { type App, test as base } from './app.ts';

/** Makes scripted endpoints known to the workbench. */
export interface Lab {
  /** Starts one and adds these of its models, as `lab/<model>`. */
  add(app: App, models: readonly string[], options?: ScriptedEndpointOptions): Promise<ScriptedEndpoint>;
}

/** The workbench, and a remote endpoint to go with it. */
export const test = base.extend<{ lab: Lab }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a pattern here
  lab: async ({}, use) => {
    const started: ScriptedEndpoint[] = [];
    await use({
      add: async ({ client }, models, options = {}) => {
        const endpoint = await startScriptedEndpoint(options);
        started.push(endpoint);
        await client.models.addEndpoint({
          name: 'lab',
          title: 'Lab',
          baseUrl: endpoint.baseUrl,
          maxConcurrency: 16,
          maxRetries: 0,
          ...(options.apiKey !== undefined && { key: options.apiKey }),
        });
        for (const model of models) await client.models.addRemote({ endpoint: 'lab', model });
        return endpoint;
      },
    });
    for (const endpoint of started) await endpoint.close();
  },
});
