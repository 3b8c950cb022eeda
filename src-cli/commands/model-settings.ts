import type { Command } from 'commander';
import { type Endpoint, type RemoteModel, type RequestField, requestFields } from '../../src-core/contract/models.ts';
import { describeRefusal } from '../../src-core/models/describe-refusal.ts';
import { AppError } from '../../src-core/scope/errors.ts';
import { UsageError } from '../exit.ts';
import { type Session, withHost } from '../session.ts';

/** What the command line takes of an endpoint. */
export interface EndpointOptions {
  readonly url?: string;
  readonly keyEnv?: string;
  readonly timeout?: string;
  readonly idleTimeout?: string;
  readonly concurrency?: string;
  readonly retries?: string;
}

interface ModelOptions {
  readonly neverSend?: string;
  readonly send?: string;
  readonly forgetRefused?: boolean;
}

/** `models set`, for endpoints and for their models. */
export function addSetCommand(models: Command): void {
  models
    .command('set')
    .description('change how an endpoint is asked, or what is never sent to one of its models')
    .argument('<id>', 'name of an endpoint, or id of one of its models')
    .option('--url <url>', 'endpoint: base URL; another origin needs the key again')
    .option('--key-env <var>', 'endpoint: environment variable that holds the API key')
    .option('--timeout <seconds>', 'endpoint: longest wait for the first byte of an answer')
    .option('--idle-timeout <seconds>', 'endpoint: longest wait between two bytes of an answer')
    .option('--concurrency <n>', 'endpoint: requests at once')
    .option('--retries <n>', 'endpoint: further attempts after a failure that may pass')
    .option('--never-send <fields>', `model: leave these out of every request: ${requestFields.join(', ')}`)
    .option('--send <fields>', 'model: send these again')
    .option('--forget-refused', 'model: send again what the endpoint refused')
    .addHelpText(
      'after',
      `
Examples:
  promptdev models set ollama --timeout 1200
  promptdev models set lab/reasoner --never-send temperature,top_p
  promptdev models set lab/reasoner --forget-refused`,
    )
    .action((id: string, options: EndpointOptions & ModelOptions, command: Command) =>
      withHost(command, (session) => set(session, id, options)),
    );
}

async function set(session: Session, id: string, options: EndpointOptions & ModelOptions): Promise<void> {
  const endpoint = await findEndpoint(session.client, id);
  const { neverSend, send, forgetRefused, ...ofEndpoint } = options;
  const ofModel = [neverSend, send, forgetRefused].some((value) => value !== undefined);
  if (endpoint && ofModel)
    throw new UsageError(
      `${id} is an endpoint; --never-send, --send and --forget-refused are for a model, as in ${id}/MODEL.`,
    );
  if (!endpoint && id.includes('/') && Object.values(ofEndpoint).some((value) => value !== undefined))
    throw new UsageError(
      `${id} is a model; waits, limits and the URL are settings of its endpoint ${id.split('/')[0]}.`,
    );
  if (!endpoint && !ofModel && !id.includes('/'))
    throw new AppError(
      'not_found',
      `There is no endpoint named "${id}". "promptdev models list" shows those that there are.`,
    );
  if (endpoint) await setEndpoint(session, endpoint, ofEndpoint);
  else await setModel(session, id, options);
}

async function setEndpoint({ client, out }: Session, before: Endpoint, options: EndpointOptions): Promise<void> {
  const changes = endpointChanges(options);
  if (Object.keys(changes).length === 0)
    throw new UsageError(
      'Nothing to change: name one of --url, --key-env, --timeout, --idle-timeout, --concurrency, --retries.',
    );
  const endpoint = await client.models.updateEndpoint({ id: before.id, changes });
  if (out.json) return out.value(endpoint);
  out.line(
    `${endpoint.name} at ${endpoint.baseUrl}: first byte ${endpoint.timeoutMs / 1_000} s, between bytes ${endpoint.idleTimeoutMs / 1_000} s, ${endpoint.maxConcurrency} at once, ${endpoint.maxRetries} retries.`,
  );
  if (before.keyEnv !== null && endpoint.keyEnv === null)
    out.note(
      `The key in $${before.keyEnv} was given for another address and is not sent there; "promptdev models set ${endpoint.name} --key-env ${before.keyEnv}" allows it.`,
    );
  if (before.key !== null && endpoint.key === null)
    out.note('The stored key was for another address and was forgotten.');
}

async function setModel({ client, out }: Session, id: string, options: ModelOptions): Promise<void> {
  const never = fieldsIn(options.neverSend, '--never-send');
  const again = fieldsIn(options.send, '--send');
  if (never.length === 0 && again.length === 0 && !options.forgetRefused)
    throw new UsageError('Nothing to change: name --never-send FIELDS, --send FIELDS or --forget-refused.');
  let model = await client.models.get({ id });
  if (model.kind === 'local')
    throw new AppError(
      'invalid',
      `"${id}" runs on this computer; only models of endpoints have fields that are never sent.`,
    );
  if (never.length > 0 || again.length > 0) {
    // A model can be used without being added, but only an added one has settings.
    await client.models.addRemote({ endpoint: model.endpoint, model: model.model });
    const neverSend = requestFields.filter(
      (field) =>
        (never.includes(field) || (model.kind === 'remote' && model.neverSend.includes(field))) &&
        !again.includes(field),
    );
    model = await client.models.updateRemote({ id, neverSend });
  }
  if (options.forgetRefused) model = await client.models.forgetRefused({ id });
  if (out.json) return out.value(model);
  const facts = describeFields(model);
  out.line(`${id}: ${facts.length > 0 ? facts.join('; ') : 'everything is sent'}.`);
}

/** What a model is not sent, for lists. */
export function describeFields({ neverSend, refused }: RemoteModel): string[] {
  return [
    ...(neverSend.length > 0 ? [`never sent: ${neverSend.join(', ')}`] : []),
    ...(refused.length > 0 ? [`refused: ${refused.map(describeRefusal).join(', ')}`] : []),
  ];
}

function fieldsIn(text: string | undefined, option: string): readonly RequestField[] {
  const names = (text ?? '').split(/[\s,]+/).filter(Boolean);
  if (text !== undefined && names.length === 0)
    throw new UsageError(`${option} needs at least one of ${requestFields.join(', ')}.`);
  return names.map((name) => {
    const field = requestFields.find((known) => known === name);
    if (field === undefined)
      throw new UsageError(`"${name}" is no field of a request; ${option} takes ${requestFields.join(', ')}.`);
    return field;
  });
}

/** The options as the contract takes them. */
export function endpointChanges(options: EndpointOptions) {
  const { url, keyEnv } = options;
  const timeout = numberIn(options.timeout, '--timeout', 1, 3_600, 'seconds');
  const idle = numberIn(options.idleTimeout, '--idle-timeout', 1, 3_600, 'seconds');
  const concurrency = numberIn(options.concurrency, '--concurrency', 1, 256);
  const retries = numberIn(options.retries, '--retries', 0, 10);
  return {
    ...(url !== undefined && { baseUrl: checkedUrl(url) }),
    ...(keyEnv !== undefined && { keyEnv: checkedVariable(keyEnv) }),
    ...(timeout !== null && { timeoutMs: timeout * 1_000 }),
    ...(idle !== null && { idleTimeoutMs: idle * 1_000 }),
    ...(concurrency !== null && { maxConcurrency: concurrency }),
    ...(retries !== null && { maxRetries: retries }),
  };
}

function numberIn(text: string | undefined, option: string, least: number, most: number, unit = ''): number | null {
  if (text === undefined) return null;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new UsageError(
    `${option} is a whole number${unit && ` of ${unit}`} from ${least} to ${most}; "${text}" is not.`,
  );
}

function checkedVariable(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new UsageError(`--key-env takes the name of an environment variable, as in OPENAI_API_KEY; "${name}" is none.`);
}

/** Throws `invalid` with a sentence for what is no http address. */
export function checkedUrl(url: string): string {
  if (/^https?:\/\/./i.test(url) && URL.canParse(url)) return url;
  throw new AppError(
    'invalid',
    `"${url}" is not a URL; it must start with http:// or https://, as in https://api.openai.com/v1.`,
  );
}

export async function findEndpoint(client: Session['client'], name: string): Promise<Endpoint | undefined> {
  return (await client.models.listEndpoints()).find((endpoint) => endpoint.name === name);
}
