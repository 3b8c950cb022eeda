import type { ImportedPrompt } from '../imported.ts';
import type { Losses } from '../losses.ts';
import { piecesOf, type TemplatePiece } from '../text/template-pieces.ts';

/** Texts of requests are no templates: what a template prints is written, and variables as texts that one replaces. */
export function createTextWriter({ name, content }: ImportedPrompt, losses: Losses): (template: string) => string {
  return (template) => {
    const pieces = piecesOf(template, content.syntax);
    if (pieces === null) {
      losses.add(
        'approximated',
        'template',
        name,
        'A request has no templates; what is more than a variable is written as it stands.',
      );
      return template;
    }
    return pieces.map((piece) => writePiece(piece, losses)).join('');
  };
}

function writePiece(piece: TemplatePiece, losses: Losses): string {
  switch (piece.kind) {
    case 'text':
      return piece.text;
    case 'variable':
      return writeVariable(piece.name, losses);
    case 'include':
      losses.add('approximated', 'include', piece.name, 'A request has no includes; the tag is written as a text.');
      return `{% include "${piece.name}" %}`;
  }
}

export function writeVariable(name: string, losses: Losses): string {
  losses.add(
    'approximated',
    'variable',
    name,
    'A request has no inputs; the variable is written as a text to replace.',
  );
  return `{{${name}}}`;
}

/** Names in the report what a prompt has and a request has no place for. */
export function reportUnwritten(prompt: ImportedPrompt, losses: Losses): void {
  const { name, description, tags, labels, versions, content } = prompt;
  const drop = (isThere: boolean, what: string, why: string) => {
    if (isThere) losses.add('dropped', what, name, why);
  };
  drop(description !== '', 'description', 'A request has no description.');
  drop(tags.length > 0, 'tags', 'A request has no tags.');
  drop(labels.length > 0, 'labels', 'A request has no labels.');
  drop(versions.length > 0, 'versions', 'A request is one state of a prompt; only the newest version is written.');
  drop(content.samples.length > 0, 'samples', 'A request has no sample inputs.');
  drop(content.settings.fallbacks.length > 0, 'fallbacks', 'A request names one model.');
}
