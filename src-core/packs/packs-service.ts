import type { contract } from '../contract/index.ts';
import type { GivenFile } from '../contract/packs.ts';
import type { ServiceOf } from '../scope/service.ts';
import { loadExported } from './export/load-exported.ts';
import { applyImport } from './import/apply-import.ts';
import { listImports } from './import/list-imports.ts';
import { planImport } from './import/plan-import.ts';
import { undoImport } from './import/undo-import.ts';
import { createLosses } from './losses.ts';

export type PacksService = ServiceOf<typeof contract.packs>;

/** Loaded when somebody imports or exports: the readers and their parsers take longer to load than most commands take. */
const loadRegistry = () => import('./formats/registry.ts');
const loadReader = () => import('./import/read-given.ts');
const loadWriters = () => import('./export/format-to-write.ts');

export function createPacksService(): PacksService {
  return {
    async formats() {
      const { formats } = await loadRegistry();
      return formats.flatMap(({ ids, title, write }) => ids.map((id) => ({ id, title, writes: write !== undefined })));
    },
    async plan({ files, formats: chosen, project, folder }, session) {
      const { readGivenFiles } = await loadReader();
      const read = await readGivenFiles(files, chosen);
      const planned = await session.read((scope) => planImport(scope, read, { project, folder }));
      return { files: read.map(({ report }) => report), items: planned.map(({ item }) => item) };
    },
    async import({ files, formats: chosen, project, folder, actions }, session) {
      const { readGivenFiles } = await loadReader();
      const read = await readGivenFiles(files, chosen);
      // Planned again in the transaction: what was planned before may be something else by now.
      const applied = await session.write(async (scope) =>
        applyImport(scope, await planImport(scope, read, { project, folder }), actions, {
          project,
          source: sourceOf(files),
        }),
      );
      return { id: applied.id, items: [...applied.items] };
    },
    async export(input, session) {
      const { formatToWrite } = await loadWriters();
      const { write } = formatToWrite(input.format);
      const prompts = await loadExported(session, input);
      const losses = createLosses();
      return { files: [...write(prompts, losses)], losses: [...losses.all()] };
    },
    undo: ({ id }, session) => session.write((scope) => undoImport(scope, id)),
    imports: (input, scope) => listImports(scope, input),
  };
}

const longestSource = 200;

function sourceOf(files: readonly GivenFile[]): string {
  const [first] = files;
  const more = files.length === 1 ? '' : ` and ${files.length - 1} more`;
  return `${first!.path.slice(0, longestSource)}${more}`;
}
