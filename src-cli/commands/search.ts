import type { Command } from 'commander';
import { versionName } from '../../src-core/content/version-name.ts';
import type { LibraryHit } from '../../src-core/contract/library.ts';
import { formatTable } from '../output.ts';
import { withLibrary } from '../session.ts';

const shownHits = 50;

export function addSearchCommand(program: Command): void {
  program
    .command('search')
    .description('find prompts, old versions and outputs of runs')
    .argument('<query...>', 'words, "phrases", tag:x, label:x, model:x, updated:>2026-01-31, updated:7d')
    .addHelpText(
      'after',
      '\nExamples:\n  promptdev search refund tag:support\n  promptdev search \'"within 30 days"\' --json',
    )
    .action((query: string[], _: object, command: Command) =>
      withLibrary(command, async ({ client, library, out }) => {
        if (!(await library.catchUp())) out.note('Some outputs cannot be found yet; search again a little later.');
        const { items, total } = await client.library.search({ query: query.join(' '), limit: shownHits });
        if (out.json) return out.value(items);
        if (items.length === 0) return out.note('Nothing was found.');
        out.line(
          formatTable(
            ['FOUND IN', 'PROMPT', 'TEXT'],
            items.map((hit) => [hit.kind, nameOf(hit), plainText(hit.snippet)]),
          ),
        );
        if (total > items.length) out.note(`The best ${items.length} of ${total}.`);
      }),
    );
}

function nameOf({ kind, name, versionNumber: number, versionConfirmed: confirmed }: LibraryHit): string {
  if (kind === 'prompt' || number === null) return name;
  // A number that is not given yet finds nothing behind "@".
  return confirmed ? `${name}@${number}` : `${name} ${versionName({ number, confirmed })}`;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** A snippet for a terminal, without its marks. */
function plainText(snippet: string): string {
  return snippet.replace(/<\/?mark>/g, '').replace(/&([a-z]+|#39);/g, (whole, name: string) => entities[name] ?? whole);
}
