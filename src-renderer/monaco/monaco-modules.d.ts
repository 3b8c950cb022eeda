declare module 'monaco-editor/editor/editor.api.js' {
  export * from 'monaco-editor';
}
declare module 'monaco-editor/editor/browser/coreCommands.js';
declare module 'monaco-editor/editor/contrib/suggest/browser/suggestController.js';
declare module 'monaco-editor/features/*/register.js';
declare module 'monaco-editor/languages/features/json/tokenization.js' {
  export function createTokenizationSupport(supportComments: boolean): import('monaco-editor').languages.TokensProvider;
}
declare module 'monaco-editor/editor/standalone/browser/standaloneServices.js' {
  export const StandaloneServices: { get<Service>(id: { readonly type?: Service }): Service };
}
declare module 'monaco-editor/platform/storage/common/storage.js' {
  export const IStorageService: {
    readonly type?: { store(key: string, value: boolean, scope: number, target: number): void };
  };
}
