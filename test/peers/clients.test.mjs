import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { folder, run } from './commands.mjs';
import { submit } from './forms.mjs';
import { address, execute, signIn, upload } from './session.mjs';

const guide = await readFile(join(import.meta.dirname, '../../docs/clients.md'), 'utf8');
const installed = JSON.parse(await readFile(join(import.meta.dirname, 'package.json'), 'utf8')).devDependencies;

// A block with a name is a file; one of sh without a name is what a person types.
const blocks = text => [...text.matchAll(/^```(\w+)(?: (\S+))?\n([^]*?)^```$/gm)].map(([, language, name, content]) => ({ language, name, content }));
const sections = guide.split(/^## /m).slice(1).map(text => ({ title: text.split('\n', 1)[0], blocks: blocks(text) }));
const files = sections.flatMap(section => section.blocks.filter(block => block.name));
const here = text => text.replaceAll('http://localhost:5080', address);

const asDemo = [/"userName":\s*"user"/, /"totalCount":\s*[1-9]/];
const says = {
  'Personal tokens': asDemo,
  'Client credentials': asDemo,
  'Device code': [/^Open http.*\/connect\/verify and type \d{4}-\d{4}-\d{4}$/m, ...asDemo],
  curl: [/"fileName":\s*"sunset.jpg"/, /"totalCount":\s*1\b/],
  "Python's standard library": [/'fileName': 'sunset.jpg'/, /'totalCount': 1\b/],
  'Apollo Client': [/^sunset.jpg$/m, /\/content\//],
  Relay: [/'brook.jpg'/, /'gradient.jpg'/],
  'Live updates': [/^socket: \w+ \w+\.jpg$/m, /^events: \w+ \w+\.jpg$/m],
  'GraphQL Code Generator': [],
};

let demo, brook, secrets;

// Relay's example reads pages of one image: there must be more than one.
before(async () => {
  demo = await signIn('user', 'userPass');
  brook = await upload(demo, 'brook.jpg');
  await upload(demo, 'gradient.jpg');
  const made = async (handler, fields) => (await submit(demo, '/developer/tokens', { Name: 'The guide', Scopes: 'images:read', ...fields }, `/developer/tokens?handler=${handler}`)).text();
  const [token, script] = [await made('Token', { Days: 1 }), await made('Script', {})];
  secrets = { TOKEN: shown(token), CLIENT_ID: /Client id<\/dt><dd><code>([^<]+)/.exec(script)[1], CLIENT_SECRET: shown(script) };
});

const shown = page => /<code id="secret">([^<]+)/.exec(page)[1];

/** Does what the person does whom a program has told its code. */
async function allowDevice(t, cwd) {
  while (!t.signal.aborted) {
    const { user_code } = await readFile(join(cwd, 'device.json'), 'utf8').then(JSON.parse).catch(() => ({}));
    if (user_code) return submit(demo, `/connect/verify?user_code=${user_code}`, { answer: 'allow' }, '/connect/verify');
    await wait(500, undefined, { signal: t.signal }).catch(() => {});
  }
}

/** Changes an image again and again, so that there is something to watch. */
async function keepChanging(t, id) {
  const favour = 'mutation ($input: UpdateImageInput!) { updateImage(input: $input) { errors { __typename } } }';
  for (let isFavorite = true; !t.signal.aborted; isFavorite = !isFavorite) {
    await execute(favour, { input: { id, isFavorite } }, demo);
    await wait(500, undefined, { signal: t.signal }).catch(() => {});
  }
}

async function follow(t, section) {
  const cwd = await folder(t);
  await copyFile(join(import.meta.dirname, '../photos/sunset.jpg'), join(cwd, 'sunset.jpg'));
  for (const { name, content } of files) {
    await mkdir(join(cwd, dirname(name)), { recursive: true });
    await writeFile(join(cwd, name), here(content));
  }
  if (section.title === 'Device code') allowDevice(t, cwd);
  const typed = section.blocks.filter(block => block.language === 'sh').map(block => here(block.content)).join('\n');
  const known = Object.entries(secrets).map(([name, value]) => `${name}='${value}'\n`).join('');
  return run(cwd, 'bash', '-euo', 'pipefail', '-c', known + typed.replace(/^npm install .*$/gm, ''));
}

for (const [title, expected] of Object.entries(says)) {
  test(`docs/clients.md: the example for ${title} works as it is written`, async t => {
    const section = sections.find(section => section.title === title);
    if (title === 'Live updates') keepChanging(t, brook);
    const { code, output } = await follow(t, section);
    assert.equal(code, 0, output);
    assert.doesNotMatch(output, /"errors":\s*\[/);
    for (const words of expected) assert.match(output, words);
  });
}

test('docs/clients.md: every section with code is run, but for those that say so', () => {
  const run = new Set(Object.keys(says));
  assert.deepEqual(sections.filter(section => section.blocks.length > 0 && !run.has(section.title)).map(section => section.title), ['StrawberryShake (not run here)']);
});

test('docs/clients.md: the packages that it tells to install are those of the tests', () => {
  const told = [...guide.matchAll(/^npm install (.*)$/gm)].flatMap(match => match[1].split(' '));
  assert.ok(told.length > 5);
  for (const each of told) {
    const [, name, major] = /^(.+)@(\d+)$/.exec(each);
    assert.equal(installed[name]?.split('.')[0], major, each);
  }
});
