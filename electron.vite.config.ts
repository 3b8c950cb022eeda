import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { forbidCodeGeneration } from './scripts/lib/code-generation.ts';
import { plainNunjucks } from './scripts/lib/plain-nunjucks.ts';

/** One file each, because each is the start of a process: the shell, the host and an engine under Electron; loopback host and CLI under Node. */
const entries = {
  main: 'src-main/main.ts',
  host: 'src-host/host-process.ts',
  engine: 'src-host/engines/gguf/process/engine-process.ts',
  serve: 'src-host/serve.ts',
  cli: 'src-cli/main.ts',
};

const orpc = ['@orpc/client', '@orpc/contract', '@orpc/server'];

const present = Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file)));

/** The only libraries that may hold ways to run text as code, and why; no template reaches them. */
const noCodeGeneration = () =>
  forbidCodeGeneration({ zod: 'Compiles schemas of the contract where that is allowed; the window switches it off.' });

// The build scripts build beside `out` and then swap the two.
const out = resolve(process.env.PROMPTDEV_OUT_DIR ?? 'out');

export default defineConfig({
  main: {
    plugins: [noCodeGeneration()],
    build: {
      target: 'node22',
      // In one file with what uses them: loading their hundreds of files takes longer than most commands.
      externalizeDeps: {
        exclude: [
          ...['@noble/hashes', 'canonicalize', 'commander', 'env-paths', 'kysely', 'undici', 'uuid', 'zod'],
          ...orpc,
        ],
      },
      outDir: join(out, 'main'),
      sourcemap: true,
      rollupOptions: {
        input: present,
        // Shared parts lie beside the entries, so that paths relative to a module mean the same in both.
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    plugins: [noCodeGeneration()],
    build: {
      outDir: join(out, 'preload'),
      externalizeDeps: false,
      rollupOptions: {
        input: { preload: 'src-preload/preload.ts' },
        // A sandboxed preload script cannot be an ES module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src-renderer',
    plugins: [react(), tailwindcss(), plainNunjucks(), noCodeGeneration()],
    worker: { format: 'es', plugins: () => [plainNunjucks(), noCodeGeneration()] },
    build: {
      target: 'chrome130',
      minify: true,
      outDir: join(out, 'renderer'),
      emptyOutDir: true,
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 5_000,
      reportCompressedSize: false,
      rollupOptions: { input: 'src-renderer/index.html' },
    },
  },
});
