// Builds shell, host and window, unless nothing has changed since the last build.
import { ensureBuilt } from './lib/build.mjs';
import { Sentence } from './lib/project.mjs';
import { findNode } from './lib/runtime.mjs';

try {
  ensureBuilt(findNode(), console.log);
} catch (error) {
  console.error(error instanceof Sentence ? error.message : error);
  process.exitCode = 1;
}
