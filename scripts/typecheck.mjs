// Type-checks every folder against its own tsconfig (each has only the globals that its runtime has), two at a time.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

const folders = ['src-core', 'src-host', 'src-main', 'src-preload', 'src-renderer', 'src-cli', 'e2e'].filter((folder) =>
  existsSync(`${folder}/tsconfig.json`),
);

const check = (folder) =>
  new Promise((resolve) => {
    const tsc = spawn(process.execPath, ['node_modules/typescript/bin/tsc', '-p', folder, '--pretty'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    tsc.stdout.on('data', (chunk) => {
      output += chunk;
    });
    tsc.on('close', (code) => {
      // A folder that has no source yet is not an error.
      const failed = code !== 0 && !output.includes('TS18003');
      if (failed) process.stdout.write(`${folder}\n${output}`);
      resolve(failed);
    });
  });

const queue = [...folders];
let failures = 0;
const worker = async () => {
  for (let folder = queue.shift(); folder; folder = queue.shift()) {
    if (await check(folder)) failures += 1;
  }
};
await Promise.all([worker(), worker()]);
console.log(
  failures === 0 ? `types: ${folders.length} folders passed` : `types: ${failures} of ${folders.length} folders failed`,
);
process.exitCode = failures === 0 ? 0 : 1;
