import { createHash } from 'node:crypto';
import path from 'node:path';
import { AppError } from '../../src-core/scope/errors.ts';
import type { SecretStore } from './secrets.ts';

const service = 'PromptDev';
const probeMs = 3_000;
/** A person may have to unlock the keychain first. */
const accessMs = 60_000;

/** The keychain of the operating system, or null when none answers (no keychain, no session, locked). */
export async function openKeychain(dataDir: string): Promise<SecretStore | null> {
  const keyring = await import('@napi-rs/keyring').catch(() => null);
  if (!keyring) return null;
  // Two data directories may have an endpoint of the same name.
  const prefix = createHash('sha256').update(path.resolve(dataDir)).digest('hex').slice(0, 12);
  // The Linux kernel keyring, which the library falls back to, forgets everything at log-out.
  const options = { linux: { store: 'secret-service' } } as const;
  const entry = (name: string) => new keyring.AsyncEntry(service, `${prefix}/${name}`, options);

  // Reading a missing entry writes nothing, and fails where no keychain answers.
  const ask = async () => entry('probe').getPassword();
  const answers = await within(probeMs, ask()).then(
    () => true,
    () => false,
  );
  if (!answers) return null;
  return {
    read: (name) => access(name, async () => (await entry(name).getPassword()) ?? null),
    async write(name, value) {
      await access(name, () => entry(name).setPassword(value));
      // Some keychains accept a value and do not store it.
      if ((await access(name, () => entry(name).getPassword())) !== value)
        throw new AppError(
          'unavailable',
          'The system keychain did not keep the API key. Start PromptDev with PROMPTDEV_KEYRING=off to keep keys in an encrypted file, and enter it again.',
          { name },
        );
    },
    remove: (name) => access(name, async () => void (await entry(name).deleteCredential())),
  };
}

async function access<Result>(name: string, use: () => Promise<Result>): Promise<Result> {
  try {
    return await within(accessMs, use());
  } catch {
    // The library's message is not meant for people and must not reach a log.
    throw new AppError(
      'unavailable',
      'The system keychain did not give access to the API key; unlock it and try again.',
      { name },
    );
  }
}

function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The keychain did not answer in time.')), milliseconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
