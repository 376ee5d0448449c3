import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

const web = join(import.meta.dirname, '../../src/ImageRepo.Web');
const startLimit = 120_000; // A new database on a busy machine takes long.

/** Starts the built product on a free port of this machine, with a data folder of its own that is gone afterwards. */
export async function startApp() {
  const data = await mkdtemp(join(tmpdir(), 'imagerepo-peers-'));
  const child = spawn('dotnet', [join(web, 'bin/Release/net10.0/ImageRepo.Web.dll')], {
    cwd: web,
    env: { ...process.env, ASPNETCORE_ENVIRONMENT: 'Development', ASPNETCORE_URLS: 'http://127.0.0.1:0', DataDirectory: data },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise(resolve => {
    child.once('exit', (code, signal) => resolve(`it ended with ${signal ?? code}`));
    child.once('error', problem => resolve(problem.message));
  });
  // Whatever ends this process ends the product, and that ends its database.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const log = [];
  const stop = async () => {
    child.kill('SIGTERM');
    await Promise.race([ended, wait(20_000, undefined, { ref: false })]);
    kill();
    await ended;
    process.off('exit', kill);
    await rm(data, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  try {
    const address = await addressOf(child, ended, log);
    await ready(address);
    return { address, log, stop };
  } catch (problem) {
    await stop();
    throw new Error(`The product did not start: ${problem.message}\n${log.join('\n')}`);
  }
}

function addressOf(child, ended, log) {
  return new Promise((resolve, reject) => {
    let address;
    const read = line => {
      log.push(line);
      address ??= /^ImageRepo is ready: (http:\S+)$/.exec(line)?.[1];
      if (/^Try it as user /.test(line)) resolve(address); // The guide's examples use the demo account.
    };
    createInterface(child.stdout).on('line', read);
    createInterface(child.stderr).on('line', read);
    ended.then(how => reject(new Error(how)));
    wait(startLimit, undefined, { ref: false }).then(() => reject(new Error('it took too long')));
  });
}

async function ready(address) {
  const response = await fetch(`${address}/health/ready`);
  if (!response.ok) throw new Error(`/health/ready answers ${response.status}`);
}
