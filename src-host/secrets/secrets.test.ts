import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Secrets } from '../../src-core/ports.ts';
import { smallDisk, whyNoMount } from '../testing/full-disk.ts';
import { createEncryptedFile } from './encrypted-file.ts';
import { createSecrets, preferring } from './secrets.ts';

const key = 'sk-canary-0123456789-wxyz';
const origin = 'https://api.example.com';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'promptdev-secrets-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const openSecrets = (): Promise<Secrets> => createSecrets({ dataDir, keyring: 'off' });

const noMount = whyNoMount();

describe('the files of the keys', () => {
  test('become private when a host finds them readable for others', async () => {
    await (await openSecrets()).set('openai', origin, key);
    const files = ['secrets.json', 'secrets.key'].map((name) => path.join(dataDir, name));
    for (const file of files) await chmod(file, 0o644);
    expect(await (await openSecrets()).get('openai', origin)).toBe(key);
    for (const file of files) expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test.skipIf(noMount !== null)(
    `are left as they were by a full disk, and nothing beside them${noMount === null ? '' : ` (skipped: ${noMount})`}`,
    async () => {
      const disk = smallDisk();
      const secrets = await createSecrets({ dataDir: disk.folder, keyring: 'off' });
      await secrets.set('openai', origin, key);
      await writeFile(path.join(disk.folder, 'promptdev.db'), '');
      disk.fill();
      const before = await readdir(disk.folder);
      await expect(secrets.set('openai', origin, 'sk-another-key-0000')).rejects.toThrow('the disk is full');
      expect(await readdir(disk.folder)).toEqual(before);
      expect(await secrets.get('openai', origin)).toBe(key);
    },
  );
});

describe('secrets', () => {
  test('a key comes back for the origin it was saved for, whatever the path and however the origin is spelled', async () => {
    const secrets = await openSecrets();
    await secrets.set('openai', 'https://API.example.com:443/v1', ` ${key}\n`);
    expect(await secrets.get('openai', origin)).toBe(key);
    expect(await (await openSecrets()).get('openai', `${origin}/v2`)).toBe(key);
  });

  test.each([
    'http://api.example.com',
    'https://api.example.com:8443',
    'https://evil.example.com',
    'https://api.example.com.evil.org',
  ])('a key is not given to %s', async (other) => {
    const secrets = await openSecrets();
    await secrets.set('openai', origin, key);
    await expect(secrets.get('openai', other)).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringContaining(`was saved for ${origin} and is not sent to ${other};`),
    });
  });

  test('what may be shown is the origin and the last four characters, and nothing of a short key', async () => {
    const secrets = await openSecrets();
    await secrets.set('long', origin, key);
    await secrets.set('short', origin, 'abc123');
    expect(await secrets.describe('long')).toEqual({ origin, last4: 'wxyz' });
    expect((await secrets.describe('short'))?.last4).toBe('••••');
    expect(await secrets.describe('none')).toBeNull();
  });

  test('a key that was replaced or deleted is gone', async () => {
    const secrets = await openSecrets();
    await secrets.set('openai', origin, key);
    await secrets.get('openai', origin);
    await secrets.set('openai', origin, 'sk-another-key-0000');
    expect(await secrets.get('openai', origin)).toBe('sk-another-key-0000');
    await secrets.delete('openai');
    expect(await secrets.get('openai', origin)).toBeNull();
    await secrets.delete('openai');
  });

  test('many keys saved at the same moment are all kept', async () => {
    const secrets = await openSecrets();
    const names = Array.from({ length: 20 }, (_, index) => `endpoint-${index}`);
    await Promise.all(names.map((name) => secrets.set(name, origin, `${key}-${name}`)));
    const again = await openSecrets();
    for (const name of names) expect(await again.get(name, origin)).toBe(`${key}-${name}`);
  });

  test('an empty key and an address that is not a web address are refused', async () => {
    const secrets = await openSecrets();
    await expect(secrets.set('a', origin, '  ')).rejects.toMatchObject({ code: 'invalid' });
    await expect(secrets.set('a', 'file:///etc', key)).rejects.toMatchObject({ code: 'invalid' });
    await expect(secrets.set('a', 'nonsense', key)).rejects.toMatchObject({ code: 'invalid' });
  });

  test('names like those of object members are ordinary names', async () => {
    const secrets = await openSecrets();
    expect(await secrets.get('constructor', origin)).toBeNull();
    await secrets.set('__proto__', origin, key);
    expect(await (await openSecrets()).get('__proto__', origin)).toBe(key);
  });
});

describe('the encrypted file', () => {
  test('holds no key in the clear, belongs to its owner alone, and comes with a warning', async () => {
    const secrets = await openSecrets();
    expect(secrets.backend).toEqual({ kind: 'file', warning: expect.stringContaining(dataDir) });
    await secrets.set('openai', origin, key);
    const files = await readdir(dataDir);
    expect(files.sort()).toEqual(['secrets.json', 'secrets.key']);
    for (const file of files) {
      const text = (await readFile(path.join(dataDir, file))).toString('latin1');
      expect(text).not.toContain(key);
      expect(text).not.toContain('canary');
      if (process.platform !== 'win32') expect((await stat(path.join(dataDir, file))).mode & 0o777).toBe(0o600);
    }
  });

  test('an entry moved to another name, a changed byte and a missing key file are one sentence, and the list still shows', async () => {
    await (await openSecrets()).set('openai', origin, key);
    const file = path.join(dataDir, 'secrets.json');
    const vault = JSON.parse(await readFile(file, 'utf8'));
    const sealed = vault.entries.openai;
    const flipped = sealed.text.startsWith('A') ? `B${sealed.text.slice(1)}` : `A${sealed.text.slice(1)}`;
    await writeFile(
      file,
      JSON.stringify({ version: 1, entries: { moved: sealed, openai: { ...sealed, text: flipped } } }),
    );
    const secrets = await openSecrets();
    for (const name of ['moved', 'openai']) {
      await expect(secrets.get(name, origin)).rejects.toMatchObject({
        code: 'invalid',
        message: expect.stringContaining('cannot be decrypted'),
      });
      expect(await secrets.describe(name)).toBeNull();
    }
    await rm(path.join(dataDir, 'secrets.key'));
    await expect((await openSecrets()).get('openai', origin)).rejects.toMatchObject({
      message: expect.stringContaining('secrets.key is missing'),
    });
  });

  test('a damaged file is a sentence and is left as it is', async () => {
    const file = path.join(dataDir, 'secrets.json');
    await writeFile(file, '{"version":1,"entr');
    const secrets = await openSecrets();
    await expect(secrets.get('openai', origin)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('is damaged'),
    });
    await expect(secrets.set('openai', origin, key)).rejects.toMatchObject({ code: 'invalid' });
    expect(await readFile(file, 'utf8')).toBe('{"version":1,"entr');
  });

  test('a data directory that cannot be written to is a sentence', async () => {
    const blocked = path.join(dataDir, 'file');
    await writeFile(blocked, '');
    const secrets = await createSecrets({ dataDir: path.join(blocked, 'sub'), keyring: 'off' });
    await expect(secrets.set('openai', origin, key)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('cannot be read or written'),
    });
  });

  test('two hosts that create the key file at the same moment agree on one key', async () => {
    const hosts = await Promise.all([openSecrets(), openSecrets(), openSecrets()]);
    await Promise.all(hosts.map((secrets, index) => secrets.set('shared', origin, `${key}-${index}`)));
    expect(await (await openSecrets()).get('shared', origin)).toContain(key);
  });
});

test.skipIf(process.platform === 'win32')(
  'a pipe or a device in place of the file is refused, and not waited for',
  async () => {
    for (const make of [['mkfifo'], ['ln', '-s', '/dev/zero']]) {
      const file = path.join(dataDir, 'secrets.json');
      await rm(file, { force: true });
      execFileSync(make[0]!, [...make.slice(1), file]);
      const store = createEncryptedFile(dataDir);
      await expect(store.read('openai')).rejects.toMatchObject({
        code: 'invalid',
        message: expect.stringContaining(file),
      });
    }
  },
);

describe('a keychain before a file', () => {
  test('what was saved while there was no keychain is still found, and a new key leaves no old copy', async () => {
    const keychain = createEncryptedFile(path.join(dataDir, 'keychain'));
    const file = createEncryptedFile(dataDir);
    await file.write('openai', 'from the file');
    const store = preferring(keychain, file);
    expect(await store.read('openai')).toBe('from the file');
    await store.write('openai', 'from the keychain');
    expect(await store.read('openai')).toBe('from the keychain');
    expect(await file.read('openai')).toBeNull();
    await file.write('openai', 'again');
    await store.remove('openai');
    expect(await store.read('openai')).toBeNull();
  });

  test('opening never hangs, and says which of the two is in use', async () => {
    const secrets = await createSecrets({ dataDir });
    if (secrets.backend.kind === 'keychain') expect(secrets.backend.warning).toBeNull();
    else expect(secrets.backend.warning).toContain('No system keychain');
    await secrets.set('openai', origin, key);
    expect(await secrets.get('openai', origin)).toBe(key);
    await secrets.delete('openai');
  });
});
