import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { readBytes } from '../input-values.ts';
import { withLibrary } from '../session.ts';

/** What a file is said to be where its bytes do not show it. */
const textTypes: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
};

export function addBlobCommands(program: Command): void {
  const blobs = program.command('blobs').description('images, audio and files that messages refer to by hash');

  blobs
    .command('add')
    .description('store a file in the workspace and print its hash')
    .argument('<file>', 'PNG, JPEG, GIF, WebP, MP3, WAV, Ogg, M4A, PDF, or any other as a file; at most 20 MB')
    .option('--type <media-type>', 'what it is, where its bytes do not show it')
    .addHelpText(
      'after',
      `
Examples:
  promptdev blobs add cat.png

A message of a prompt file then has it as {"type": "image", "hash": "…"}.`,
    )
    .action((file: string, { type }: { type?: string }, command: Command) =>
      withLibrary(command, async ({ client, out }) => {
        const bytes = await readBytes(file);
        const extension = /\.([a-z0-9]+)$/i.exec(file)?.[1]?.toLowerCase() ?? '';
        const mediaType = type ?? textTypes[extension] ?? 'application/octet-stream';
        const blob = await client.blobs.add({ data: Buffer.from(bytes).toString('base64'), mediaType });
        if (out.json) return out.value(blob);
        out.line(blob.hash);
        out.note(`${blob.mediaType}, ${blob.size.toLocaleString('en-US')} bytes`);
      }),
    );

  blobs
    .command('get')
    .description('write a stored file')
    .argument('<hash>')
    .requiredOption('--out <file>', 'where to write it')
    .addHelpText('after', '\nExamples:\n  promptdev blobs get 9f86d081…0a08 --out cat.png')
    .action((hash: string, { out: target }: { out: string }, command: Command) =>
      withLibrary(command, async ({ client, out }) => {
        const { data, ...blob } = await client.blobs.get({ hash });
        await writeFile(target, Buffer.from(data, 'base64'));
        if (out.json) return out.value(blob);
        out.note(`${target}: ${blob.mediaType}, ${blob.size.toLocaleString('en-US')} bytes`);
      }),
    );
}
