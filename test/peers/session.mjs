import { readFile } from 'node:fs/promises';

/** The address of the product under test, which run.mjs started. */
export const address = process.env.IMAGEREPO_ADDRESS;
if (!address) throw new Error('Run these tests with npm test, which starts the product.');

let made = 0;

/** Signs a new person up. A session's fetch carries its cookie. */
export function signUp() {
  const password = 'nine hungry otters';
  return enter('/account/sign-up', { UserName: `peer-${process.pid}-${++made}`, Password: password, ConfirmPassword: password });
}

export const signIn = (userName, password) => enter('/account/sign-in', { UserName: userName, Password: password });

async function enter(path, form) {
  const page = await fetch(address + path);
  const [, token] = /name="requestVerificationToken"[^>]* value="([^"]+)"/.exec(await page.text());
  const answer = await fetch(address + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookies(page) },
    body: new URLSearchParams({ ...form, requestVerificationToken: token }),
  });
  if (answer.status !== 302) throw new Error(`${path} answers ${answer.status}: ${await answer.text()}`);
  const cookie = cookies(answer);
  return {
    cookie,
    fetch: (url, init = {}) => {
      const headers = new Headers(init.headers);
      headers.set('cookie', cookie);
      return fetch(url, { ...init, headers });
    },
  };
}

export const photo = name => readFile(new URL(`../photos/${name}`, import.meta.url));

/** Uploads one of the test photos and returns its id. */
export async function upload(session, name) {
  const body = new FormData();
  const query = 'mutation ($input: UploadImageInput!) { uploadImage(input: $input) { image { id } } }';
  body.set('operations', JSON.stringify({ query, variables: { input: { file: null } } }));
  body.set('map', '{ "0": ["variables.input.file"] }');
  body.set('0', new File([await photo(name)], name));
  const response = await session.fetch(`${address}/graphql`, { method: 'POST', headers: { 'GraphQL-preflight': '1' }, body });
  return (await response.json()).data.uploadImage.image.id;
}

/** What the server answers to a request as JSON; without a session that of somebody who is not signed in. */
export async function execute(query, variables = {}, session = { fetch }) {
  const response = await session.fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}

const cookies = response => response.headers.getSetCookie().map(cookie => cookie.split(';')[0]).join('; ');
