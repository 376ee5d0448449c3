import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';

/** Runs a program and tells its exit code with what it said, on either stream. */
export function run(cwd, file, ...args) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NO_COLOR: '1', PATH: `${join(import.meta.dirname, 'node_modules/.bin')}:${process.env.PATH}` };
    execFile(file, args, { cwd, env, timeout: 120_000, maxBuffer: 16 << 20 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ code: error?.code ?? 0, output: stdout + stderr });
    });
  });
}

/** An empty folder that sees this folder's packages; gone after the test. */
export async function folder(t) {
  const path = await mkdtemp(join(tmpdir(), 'imagerepo-client-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  await symlink(join(import.meta.dirname, 'node_modules'), join(path, 'node_modules'));
  await writeFile(join(path, 'package.json'), '{}');
  return path;
}
