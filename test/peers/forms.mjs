import { address } from './session.mjs';

const cookies = response => response.headers.getSetCookie().map(cookie => cookie.split(';')[0]).join('; ');
const decode = text => text.replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(parseInt(code, 16)))
  .replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** Opens a page as the session's person and sends the form in its main part: its hidden fields and these, as a browser does. */
export async function submit(session, path, fields, action = path) {
  const page = await session.fetch(address + path);
  const text = await page.text();
  if (page.status !== 200) throw new Error(`${path} answers ${page.status}: ${text}`);
  const main = text.slice(text.indexOf('<main'));
  const body = new URLSearchParams([...main.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, decode(value)]));
  body.set('requestVerificationToken', /name="requestVerificationToken"[^>]* value="([^"]+)"/.exec(main)[1]);
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return fetch(address + action, { method: 'POST', redirect: 'manual', headers: { cookie: `${session.cookie}; ${cookies(page)}` }, body });
}
