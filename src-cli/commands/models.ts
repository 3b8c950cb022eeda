import { resolve } from 'node:path';
import type { Command } from 'commander';
import { contentSchema } from '../../src-core/contract/content.ts';
import { type Model, offersPerPage, type RemoteModel } from '../../src-core/contract/models.ts';
import { findEndpointPreset } from '../../src-core/models/presets.ts';
import { describeFinish } from '../../src-core/runs/finish-reason.ts';
import { AppError } from '../../src-core/scope/errors.ts';
import type { Library } from '../../src-host/host/open-library.ts';
import { UsageError } from '../exit.ts';
import { formatBytes, formatTable, type Output } from '../output.ts';
import { noteEnd } from '../run-view.ts';
import { type Session, withHost, withStore } from '../session.ts';
import {
  addSetCommand,
  checkedUrl,
  describeFields,
  type EndpointOptions,
  endpointChanges,
  findEndpoint,
} from './model-settings.ts';

export function addModelCommands(program: Command): void {
  const models = program.command('models').description('local GGUF models and remote endpoints');

  models
    .command('list')
    .description('list models and endpoints')
    .action((_: object, command: Command) => withStore(command, listModels));

  models
    .command('add')
    .description('add a GGUF file; it stays where it is')
    .argument('<file>')
    .option('--name <name>', 'the model becomes local/NAME')
    .addHelpText(
      'after',
      '\nExample:\n  promptdev models add ~/models/mistral-7b-instruct.Q4_K_M.gguf --name mistral-7b',
    )
    .action((file: string, options: { name?: string }, command: Command) =>
      withHost(command, async ({ client, out }) => {
        if (file.trim() === '') throw new UsageError('Give the path of a GGUF file, as in ~/models/mistral-7b.gguf.');
        const model = await client.models.addLocal({
          path: resolve(file),
          ...(options.name !== undefined && { name: options.name }),
        });
        if (out.json) return out.value(model);
        out.line(
          `Added ${model.id}: ${model.architecture}, ${model.quantisation}, ${formatBytes(model.sizeBytes)}, context ${model.contextLength}.`,
        );
      }),
    );

  models
    .command('add-endpoint')
    .description('add an OpenAI-compatible endpoint')
    .argument('<name>', 'what its model ids start with; a preset such as openai or ollama brings its URL')
    .option('--url <url>', 'base URL, as in https://api.openai.com/v1')
    .option('--key-env <var>', 'environment variable that holds the API key')
    .option('--timeout <seconds>', 'longest wait for the first byte of an answer')
    .option('--idle-timeout <seconds>', 'longest wait between two bytes of an answer')
    .option('--concurrency <n>', 'requests at once')
    .option('--retries <n>', 'further attempts after a failure that may pass')
    .addHelpText(
      'after',
      `
Examples:
  promptdev models add-endpoint openai --key-env OPENAI_API_KEY
  promptdev models add-endpoint lab --url http://127.0.0.1:8080/v1
  promptdev run samples/greeting --model lab/any-model --vars '{"name":"Ada"}'`,
    )
    .action((name: string, options: EndpointOptions, command: Command) =>
      withHost(command, (session) => addEndpoint(session, name, options)),
    );

  addSetCommand(models);

  models
    .command('test')
    .description('ask a model for a few tokens, or an endpoint for its models')
    .argument('<id>', 'model id, or name of an endpoint')
    .action((id: string, _: object, command: Command) => withHost(command, (session) => testModel(session, id)));

  models
    .command('remove')
    .description('forget a model, or an endpoint with its models; files stay')
    .argument('<id>', 'model id, or name of an endpoint')
    .action((id: string, _: object, command: Command) =>
      withHost(command, async ({ client, out }) => {
        const endpoint = await findEndpoint(client, id);
        if (endpoint) await client.models.removeEndpoint({ id: endpoint.id });
        else await client.models.remove({ id });
        if (out.json) out.value({ removed: id });
        else out.line(`Removed ${id}.`);
      }),
    );
}

async function listModels({ library, out }: { readonly library: Library; readonly out: Output }): Promise<void> {
  const { models, endpoints } = await library.models();
  if (out.json) return out.value({ models, endpoints });
  out.line(formatTable(['ID', 'KIND', 'DETAILS'], models.map(describeModel)));
  if (endpoints.length === 0) return;
  const rows = endpoints.map((endpoint) => [
    endpoint.name,
    endpoint.baseUrl,
    endpoint.keyEnv ? `$${endpoint.keyEnv}` : endpoint.key ? `…${endpoint.key.last4}` : 'none',
    `first byte ${endpoint.timeoutMs / 1_000} s, between bytes ${endpoint.idleTimeoutMs / 1_000} s`,
    `${endpoint.maxConcurrency} at once, ${endpoint.maxRetries} retries`,
  ]);
  out.line(`\n${formatTable(['ENDPOINT', 'URL', 'KEY', 'WAITS', 'LIMITS'], rows)}`);
}

function describeModel(model: Model): string[] {
  if (model.kind === 'remote') {
    return [model.id, 'remote', [describePrice(model.price), ...describeFields(model)].join('; ')];
  }
  const missing = model.present ? '' : ', file is missing';
  const details = `${model.architecture} ${model.quantisation}, ${formatBytes(model.sizeBytes)}, context ${model.contextLength}${missing}`;
  return [model.id, model.builtIn ? 'built in' : 'local', details];
}

function describePrice(price: RemoteModel['price']): string {
  if (price === null) return 'no price';
  const { inputPerMillion, cachedInputPerMillion: cached, outputPerMillion } = price;
  const kept = cached === undefined ? '' : ` ($${cached} cached)`;
  return `$${inputPerMillion} in${kept}, $${outputPerMillion} out per million tokens`;
}

async function addEndpoint({ client, out }: Session, name: string, options: EndpointOptions): Promise<void> {
  const preset = findEndpointPreset(name);
  const baseUrl = options.url ?? preset?.baseUrl;
  if (baseUrl === undefined)
    throw new AppError('invalid', `"${name}" is no preset, so --url is needed, as in --url http://127.0.0.1:8080/v1.`);
  const endpoint = await client.models.addEndpoint({
    ...endpointChanges(options),
    name,
    baseUrl: checkedUrl(baseUrl),
    preset: preset?.slug ?? null,
    ...(preset && { title: preset.title }),
  });
  if (out.json) return out.value(endpoint);
  out.line(`Added ${name} at ${baseUrl}. Its models are ${name}/<model>; "promptdev models test ${name}" lists them.`);
}

/** Generates a few tokens, which proves more than a list of models. */
async function testModel(session: Session, id: string): Promise<void> {
  const { client, out, signal } = session;
  const endpoint = await findEndpoint(client, id);
  if (endpoint) {
    const check = await client.models.checkEndpoint({ id: endpoint.id });
    if (check.kind === 'failed') throw new AppError('unavailable', check.message);
    if (out.json) return out.value(check);
    out.line(`${id} answers in ${wholeMs(check.latencyMs)} with ${check.total} models:`);
    for (const { model } of check.models) out.line(`  ${id}/${model}`);
    for (let offset = check.models.length; offset < check.total; offset += offersPerPage) {
      const page = await client.models.listOffers({ id: endpoint.id, offset });
      for (const { model } of page.models) out.line(`  ${id}/${model}`);
    }
    return;
  }
  const content = { messages: [{ role: 'user' as const, content: 'Say hello.' }] };
  const started = await client.runs.start({
    content: contentSchema.parse(content),
    inputs: {},
    model: id,
    sampling: { maxTokens: 16 },
  });
  signal.addEventListener('abort', () => void client.runs.cancel({ id: started.id }), { once: true });
  for await (const event of await client.runs.watch({ id: started.id, after: 0 })) {
    if (event.kind !== 'finished') continue;
    const { error, latencyMs, output, finishReason } = event.run;
    // The test asks for few tokens, so reaching the limit is not reported.
    noteEnd(out, {
      ...event.run,
      finishReason: describeFinish(finishReason)?.kind === 'cut' ? null : finishReason,
    });
    if (error !== null) throw new AppError(error.code, error.message);
    if (out.json) out.value({ kind: 'ok', model: id, latencyMs, output });
    else out.line(`${id} answers in ${wholeMs(latencyMs)}: ${output.trim()}`);
  }
}

function wholeMs(milliseconds: number | null): string {
  return `${Math.max(1, Math.round(milliseconds ?? 0))} ms`;
}
