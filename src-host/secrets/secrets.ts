import { AppError } from '../../src-core/errors.ts';
import type { Secrets } from '../../src-core/ports.ts';
import { createEncryptedFile } from './encrypted-file.ts';
import { openKeychain } from './keychain.ts';

/** Where the keeper of secrets puts one text per name; what it holds is opaque to it. */
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
  const keychain = wantsKeychain ? await openKeychain(options.dataDir) : null;
  if (keychain) return secretsIn(keychain, { kind: 'keychain', warning: null });
  return secretsIn(createEncryptedFile(options.dataDir), {
    kind: 'file',
    warning: `No system keychain is in use, so API keys are kept in an encrypted file in ${options.dataDir}; its key lies beside it, so whoever can read your files can read them.`,
  });
}

function secretsIn(store: SecretStore, backend: Secrets['backend']): Secrets {
  async function find(name: string): Promise<Secret | null> {
    const text = await store.read(name);
    return text === null ? null : parseSecret(name, text);
  }

  return {
    backend,
    async set(name, origin, value) {
      const trimmed = value.trim();
      if (trimmed === '') throw new AppError('invalid', `The API key of ${name} is empty.`);
      await store.write(name, JSON.stringify({ origin: normalOrigin(name, origin), value: trimmed } satisfies Secret));
    },
    async get(name, origin) {
      const secret = await find(name);
      if (!secret) return null;
      if (secret.origin === normalOrigin(name, origin)) return secret.value;
      throw new AppError(
        'denied',
        `The API key of ${name} was saved for ${secret.origin} and is not sent to ${origin}; enter the key again for the new address.`,
      );
    },
    async describe(name) {
      const secret = await find(name);
      return secret && { origin: secret.origin, last4: lastFour(secret.value) };
    },
    async delete(name) {
      await store.remove(name);
    },
  };
}

/** Four characters of a short key would be too much of it. */
function lastFour(value: string): string {
  return value.length >= 12 ? value.slice(-4) : '••••';
}

function normalOrigin(name: string, origin: string): string {
  if (!URL.canParse(origin))
    throw new AppError('invalid', `The address of ${name} is not a URL, so no API key can be bound to it.`);
  const url = new URL(origin);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new AppError(
      'invalid',
      `The API key of ${name} can only be bound to an http or https address, not to "${url.protocol}".`,
    );
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
  throw new AppError('invalid', `The saved API key of ${name} is damaged; enter it again.`);
}
