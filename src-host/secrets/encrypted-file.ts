import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../src-core/scope/errors.ts';
import { keepPrivate } from '../files/private-file.ts';
import { openRegular } from '../files/regular-file.ts';
import type { SecretStore } from './secrets.ts';

const fileName = 'secrets.json';
const keyFileName = 'secrets.key';
const keyBytes = 32;
const ivBytes = 12;

interface Sealed {
  readonly iv: string;
  readonly tag: string;
  readonly text: string;
}

interface Vault {
  readonly version: 1;
  readonly entries: Readonly<Record<string, Sealed>>;
}

/** Secrets in `secrets.json`, each sealed with AES-256-GCM under the key in `secrets.key`; both files only for their owner. */
export function createEncryptedFile(dataDir: string): SecretStore {
  const file = path.join(dataDir, fileName);
  const keyFile = path.join(dataDir, keyFileName);
  let last: Promise<unknown> = Promise.resolve();
  // Files restored from a backup may be readable by others.
  keepPrivate(file, keyFile);

  /** Changes run one after the other, because a concurrent one would overwrite the first. */
  function change(
    next: (entries: Readonly<Record<string, Sealed>>, key: Buffer) => Readonly<Record<string, Sealed>>,
  ): Promise<void> {
    const changed = last.then(async () => {
      await mkdir(dataDir, { recursive: true, mode: 0o700 });
      const key = await readOrCreateKey(keyFile);
      const vault = await readVault(file);
      await writePrivately(
        file,
        `${JSON.stringify({ version: 1, entries: next(vault.entries, key) } satisfies Vault, null, 2)}\n`,
      );
    });
    last = changed.catch(() => {});
    return changed.catch((error: unknown) => {
      throw describeFault(file, error);
    });
  }

  return {
    async read(name) {
      await last;
      const sealed = entryOf(await readVault(file), name);
      if (!sealed) return null;
      const key = await readKey(keyFile);
      if (!key)
        throw new AppError(
          'invalid',
          `The key file ${keyFile} is missing, so the saved API keys cannot be read; enter them again.`,
        );
      return unseal(sealed, key, name);
    },
    write: (name, value) => change((entries, key) => ({ ...entries, [name]: seal(value, key, name) })),
    async remove(name) {
      if (!entryOf(await readVault(file), name)) return;
      await change((entries) => Object.fromEntries(Object.entries(entries).filter(([other]) => other !== name)));
    },
  };
}

function entryOf(vault: Vault, name: string): Sealed | undefined {
  return Object.hasOwn(vault.entries, name) ? vault.entries[name] : undefined;
}

/** The name is authenticated too, so that an entry moved to another name cannot be decrypted. */
function seal(value: string, key: Buffer, name: string): Sealed {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name));
  const text = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
  return { iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64'), text: text.toString('base64') };
}

function unseal(sealed: Sealed, key: Buffer, name: string): string {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(sealed.iv, 'base64'), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(name)).setAuthTag(Buffer.from(sealed.tag, 'base64'));
    return Buffer.concat([decipher.update(Buffer.from(sealed.text, 'base64')), decipher.final()]).toString('utf8');
  } catch {
    throw new AppError(
      'invalid',
      'The saved API key cannot be decrypted with the key file beside it; enter it again.',
      { name },
    );
  }
}

async function readVault(file: string): Promise<Vault> {
  const text = await readIfThere(file);
  if (text === null) return { version: 1, entries: {} };
  try {
    const vault = JSON.parse(text.toString('utf8')) as Partial<Vault> | null;
    if (vault?.version === 1 && typeof vault.entries === 'object' && vault.entries !== null) return vault as Vault;
  } catch {
    // The error is thrown below.
  }
  throw new AppError(
    'invalid',
    `The file ${file} is damaged, so no API key can be read; move it away and enter the keys again.`,
  );
}

async function readKey(keyFile: string): Promise<Buffer | null> {
  const key = await readIfThere(keyFile);
  if (key && key.length !== keyBytes)
    throw new AppError(
      'invalid',
      `The key file ${keyFile} is damaged; move it and ${fileName} away and enter the keys again.`,
    );
  return key;
}

/** Two processes may start at the same moment: `link` lets exactly one key win. */
async function readOrCreateKey(keyFile: string): Promise<Buffer> {
  const existing = await readKey(keyFile);
  if (existing) return existing;
  const temporary = await writeTemporary(keyFile, randomBytes(keyBytes));
  try {
    await link(temporary, keyFile);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  const key = await readKey(keyFile);
  if (!key) throw new AppError('unavailable', `The key file ${keyFile} could not be created.`);
  return key;
}

async function readIfThere(file: string): Promise<Buffer | null> {
  try {
    // Opening or reading a named pipe or device in its place would block.
    const handle = await openRegular(file);
    return await handle.readFile().finally(() => handle.close());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw describeFault(file, error);
  }
}

async function writePrivately(file: string, content: string): Promise<void> {
  const temporary = await writeTemporary(file, content);
  try {
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Written and synced before it is renamed, so that a crash leaves the old file or the new one. */
async function writeTemporary(file: string, content: string | Buffer): Promise<string> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle
      .writeFile(content)
      .then(() => handle.sync())
      .finally(() => handle.close());
    await chmod(temporary, 0o600);
    return temporary;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function describeFault(file: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { code } = error as NodeJS.ErrnoException;
  const reason =
    code === 'ENOSPC'
      ? 'the disk is full'
      : code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
        ? 'access is denied'
        : (code ?? 'unknown error');
  return new AppError('unavailable', `The API keys in ${file} cannot be read or written: ${reason}.`);
}
