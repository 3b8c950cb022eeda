import { signatureAt } from '../../../src-core/templates/assist/signature.ts';
import type { Monaco } from '../load.ts';
import { textBefore } from './template-completion.ts';
import { scopeOf } from './template-scope.ts';

/** Shows the parameters of what is being called. */
export function registerSignatures(monaco: Monaco, languageId: string): void {
  monaco.languages.registerSignatureHelpProvider(languageId, {
    signatureHelpTriggerCharacters: ['(', ',', ':'],
    signatureHelpRetriggerCharacters: ['=', ' '],
    provideSignatureHelp: (model, position) => {
      const scope = scopeOf(model);
      const found = scope === null ? null : signatureAt(textBefore(model, position), scope.knowledge);
      if (found === null) return null;
      const signatures = found.signatures.map(({ label, parameters }) => ({
        label,
        documentation: { value: found.text },
        parameters: parameters.map(({ start, end }) => ({ label: [start, end] as [number, number] })),
      }));
      const value = { signatures, activeSignature: found.active, activeParameter: found.parameter };
      return { value, dispose: () => {} };
    },
  });
}
