import { statSync } from 'node:fs';
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import { isHeld } from './files/held-files.ts';
import { openHost } from './host/host.ts';
import { clientOf, openTestHost, temporaryFolder } from './testing/test-host.ts';

process.env.PROMPTDEV_KEYRING = 'off';

/** Takes a table away, so that opening fails where it is first asked for. */
const without = (table: string) => async (file: string) => {
  const sqlite = new SqliteDatabase(file);
  sqlite.pragma('foreign_keys = OFF');
  sqlite.exec(`DROP TABLE ${table}`);
  sqlite.close();
};

const garbage = (file: string) => writeFile(file, 'no database at all, and longer than a header '.repeat(200));

/** Half of its pages are gone. */
async function cut(file: string): Promise<void> {
  const bytes = await readFile(file);
  await writeFile(file, bytes.subarray(0, bytes.length / 2));
}

const damages: readonly (readonly [string, string, (file: string) => Promise<void>, RegExp])[] = [
  ['no database', 'device.db', garbage, /device\.db is not a PromptDev database/],
  ['half a database', 'device.db', cut, /device\.db is damaged/],
  ['no database', 'promptdev.db', garbage, /promptdev\.db is not a PromptDev database/],
  ['a database without people', 'promptdev.db', without('people'), /no such table/],
  ['a database without settings', 'device.db', without('device_settings'), /no such table/],
  ['a database without leases', 'promptdev.db', without('hosts'), /no such table/],
  ['a database without models', 'device.db', without('local_models'), /no such table/],
];

test.each(damages)(
  'a host that fails on %s for %s holds nothing open, and opens once that is mended',
  async (_, name, damage, sentence) => {
    const dataDir = await temporaryFolder();
    const first = await openTestHost(dataDir);
    await first.client.prompts.create({ name: 'kept' });
    await first.host.close();
    const file = join(dataDir, name);
    const whole = join(await temporaryFolder(), name);
    await copyFile(file, whole);
    await damage(file);

    await expect(openHost({ dataDir, withoutSamples: true })).rejects.toThrow(sentence);
    for (const left of await readdir(dataDir)) {
      expect(isHeld(statSync(join(dataDir, left), { bigint: true })), left).toBe(false);
      // The log and index of a database are there for as long as somebody has it open.
      expect(left).not.toMatch(/-(?:wal|shm)$/);
    }

    await rm(file);
    await copyFile(whole, file);
    const again = await openHost({ dataDir, withoutSamples: true });
    expect((await clientOf(again).prompts.list({})).items).toMatchObject([{ name: 'kept' }]);
    // The host that failed gave its lease back.
    expect(await again.database.selectFrom('hosts').select('id').execute()).toHaveLength(1);
    await again.close();
  },
  30_000,
);
