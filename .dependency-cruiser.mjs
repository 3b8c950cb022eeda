/** Which folder may import which; a step of `npm test`, and `npm run imports` alone. */
export default {
  forbidden: [
    {
      name: 'no-circle-between-files',
      comment: 'The interpreter calls itself: an expression holds a call, a call holds an expression.',
      severity: 'error',
      from: { pathNot: '^src-core/templates/(runtime|builtins|compile|syntax)/' },
      to: { circular: true },
    },
    {
      name: 'no-circle-between-folders',
      scope: 'folder',
      severity: 'error',
      from: { path: '^src-(core|host|cli|renderer)' },
      to: { circular: true },
    },
    {
      name: 'contract-imports-zod-only',
      comment: 'The contract is to be published with the SDK, so it stands on its own; oRPC carries it.',
      severity: 'error',
      from: { path: '^src-core/contract/' },
      to: { pathNot: '^src-core/contract/|zod|@orpc/contract' },
    },
    {
      name: 'content-and-templates-know-no-service',
      severity: 'error',
      from: { path: '^src-core/(content|templates)/' },
      to: { path: '^src-core/(library|runs|comparisons|jobs|models|settings|workspace|tables)/' },
    },
    {
      name: 'window-is-built-in-layers',
      comment: 'What views share stands below the workbench; views are handed to it by app.tsx.',
      severity: 'error',
      from: { path: '^src-renderer/(live|components|fields|monaco)/' },
      to: { path: '^src-renderer/(workbench|views)/' },
    },
    {
      name: 'workbench-knows-no-view',
      severity: 'error',
      from: { path: '^src-renderer/workbench/' },
      to: { path: '^src-renderer/views/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '[.]test[.]tsx?$|/testing/|/corpus/' },
    tsPreCompilationDeps: false,
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.mjs', '.d.ts', '.json'] },
  },
};
