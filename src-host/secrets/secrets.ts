import type { Secrets } from '../../src-core/ports.ts';
import { AppError } from '../../src-core/scope/errors.ts';
import { createEncryptedFile } from './encrypted-file.ts';
import { openKeychain } from './keychain.ts';

/** A store of one text per name, whose content it does not interpret. */
export interface SecretStore {
  read(name: string): Promise<string | null>;
  write(name: string, value: string): Promise<void>;
  remove(name: string): Promise<void>;
}

export interface SecretsOptions {
  readonly dataDir: string;
  /** `off` uses the encrypted file even where a keychain works; so does `PROMPTDEV_KEYRING=off`. Default `auto`. */
  readonly keyring?: 'auto' | 'off';
}

interface Secret {
  readonly origin: string;
  readonly value: string;
}

/** API keys in the keychain of the operating system, or in an encrypted file where there is none. */
export async function createSecrets(options: SecretsOptions): Promise<Secrets> {
  const wantsKeychain = options.keyring !== 'off' && process.env.PROMPTDEV_KEYRING !== 'off';
  const file = createEncryptedFile(options.dataDir);
  const keychain = wantsKeychain ? await openKeychain(options.dataDir) : null;
  if (keychain) return secretsIn(preferring(keychain, file), { kind: 'keychain', warning: null });
  return secretsIn(file, {
    kind: 'file',
    warning: `No system keychain is in use, so API keys are kept in an encrypted file in ${options.dataDir}; its key lies beside it, so whoever can read your files can read them.`,
  });
}

/** Writes to `first`, and still finds what was saved in `second` while there was no `first`. */
export function preferring(first: SecretStore, second: SecretStore): SecretStore {
  return {
    read: async (name) => (await first.read(name)) ?? (await second.read(name)),
    async write(name, value) {
      await first.write(name, value);
      await second.remove(name);
    },
    async remove(name) {
      await Promise.all([first.remove(name), second.remove(name)]);
    },
  };
}

/** How long a key is cached, milliseconds; another process may change it meanwhile. */
const recentMs = 2_000;

function secretsIn(store: SecretStore, backend: Secrets['backend']): Secrets {
  const recent = new Map<string, { readonly until: number; readonly secret: Promise<Secret | null> }>();

  /** A comparison asks a thousand times for the same key, and a keychain takes milliseconds to give it. */
  function find(name: string): Promise<Secret | null> {
    const known = recent.get(name);
    if (known && known.until > performance.now()) return known.secret;
    const secret = store.read(name).then((text) => (text === null ? null : parseSecret(name, text)));
    recent.set(name, { until: performance.now() + recentMs, secret });
    secret.catch(() => recent.delete(name));
    return secret;
  }

  return {
    backend,
    async set(name, origin, value) {
      const trimmed = value.trim();
      if (trimmed === '') throw new AppError('invalid', 'The API key is empty; enter one.');
      const secret: Secret = { origin: normalOrigin(origin), value: trimmed };
      await store.write(name, JSON.stringify(secret)).finally(() => recent.delete(name));
    },
    async get(name, origin) {
      const secret = await find(name);
      if (!secret) return null;
      const asked = normalOrigin(origin);
      if (secret.origin === asked) return secret.value;
      throw new AppError(
        'denied',
        `This API key was saved for ${secret.origin} and is not sent to ${asked}; enter it again for the new address.`,
      );
    },
    async describe(name) {
      // A list of endpoints must not fail because one key cannot be read; the error shows when the key is used.
      const secret = await find(name).catch(() => null);
      return secret && { origin: secret.origin, last4: lastFour(secret.value) };
    },
    async delete(name) {
      await store.remove(name).finally(() => recent.delete(name));
    },
  };
}

/** The last four characters, unless the key is too short to show them. */
function lastFour(value: string): string {
  return value.length >= 12 ? value.slice(-4) : '••••';
}

function normalOrigin(origin: string): string {
  if (!URL.canParse(origin))
    throw new AppError('invalid', `"${origin}" is not a web address, so no API key can be bound to it.`);
  const url = new URL(origin);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new AppError('invalid', `An API key can only be bound to an http or https address, not to "${origin}".`);
  }
  return url.origin;
}

function parseSecret(name: string, text: string): Secret {
  try {
    const { origin, value } = JSON.parse(text) as Partial<Secret>;
    if (typeof origin === 'string' && typeof value === 'string') return { origin, value };
  } catch {
    // The text may hold a key, so it appears in no message.
  }
  throw new AppError('invalid', 'The saved API key is damaged; enter it again.', { name });
}
