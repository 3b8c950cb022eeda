import { originName } from '../../../../src-core/content/version-name.ts';
import type { LibraryHit } from '../../../../src-core/contract/library.ts';
import { openVersion } from '../../../workbench/navigation/open-history.ts';
import { openPrompt } from '../../../workbench/navigation/open-prompt.ts';
import { openTab } from '../../../workbench/tabs.ts';

/** Shows what a search found: the prompt, the version or the run. */
export function openHit({ kind, ref, name, title, versionNumber, versionConfirmed }: LibraryHit): void {
  switch (kind) {
    case 'prompt':
      openPrompt({ id: ref, name, title });
      return;
    case 'version':
      openVersion(name, { id: ref, number: versionNumber ?? 0, confirmed: versionConfirmed });
      return;
    case 'run':
      openTab({ kind: 'run', id: ref, title: name === '' ? 'Run' : `Run of ${name}` }, { preview: true });
  }
}

/** Where a hit stands, as in `support/greet v3`. */
export function placeOfHit(hit: LibraryHit): string {
  const version = originName(hit);
  const place = hit.kind === 'run' ? `Output of ${hit.name || 'a run'}` : hit.name;
  return version === null ? place : `${place} ${version}`;
}
