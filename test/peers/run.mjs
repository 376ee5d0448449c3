// npm test: starts the product once, runs the tests of this folder against it by node's test runner, and ends both.
// Arguments go to the test runner, for example: npm test -- --test-name-pattern=upload
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { startApp } from './app.mjs';

const here = import.meta.dirname;
const files = (await readdir(here)).filter(name => name.endsWith('.test.mjs'));
let tests;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => tests ? tests.kill(signal) : process.exit(1));

const app = await startApp();
let code = 1;
try {
  tests = spawn(process.execPath, ['--test', ...process.argv.slice(2), ...files], {
    cwd: here,
    env: { ...process.env, IMAGEREPO_ADDRESS: app.address },
    stdio: 'inherit',
  });
  [code] = await once(tests, 'exit');
} finally {
  await app.stop();
}
const unexpected = app.log.filter(line => /^(fail|crit): /.test(line));
if (unexpected.length > 0) {
  console.error(`The product logged errors:\n${app.log.join('\n')}`);
}
process.exit(code === 0 && unexpected.length === 0 ? 0 : 1);
