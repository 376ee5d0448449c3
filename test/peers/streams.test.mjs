import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient as createSocket } from 'graphql-ws';
import { createClient as createEvents } from 'graphql-sse';
import WebSocket from 'ws';
import { address, execute, signUp, upload } from './session.mjs';

const nobody = { cookie: '' };

// A browser sends the cookie and its page's origin by itself; in Node they are given by hand.
const headersOf = (session, origin) => (session.cookie ? { cookie: session.cookie, origin } : {});

function socketClient(t, session, origin = address) {
  const client = createSocket({
    url: `${address.replace('http', 'ws')}/graphql`,
    retryAttempts: 0,
    webSocketImpl: class extends WebSocket {
      constructor(url, protocols) {
        super(url, protocols, { headers: headersOf(session, origin) });
      }
    },
  });
  t.after(() => client.dispose());
  return client;
}

function eventsClient(t, session, origin = address) {
  const client = createEvents({ url: `${address}/graphql`, retryAttempts: 0, headers: headersOf(session, origin) });
  t.after(() => client.dispose());
  return client;
}

const changes = { query: 'subscription { imageChanged { kind imageId image { isFavorite } } }' };
const favour = 'mutation ($input: UpdateImageInput!) { updateImage(input: $input) { errors { __typename } } }';

/** Changes the image until the subscriber hears of it: nothing tells a client when its subscription has begun. */
async function hears(next, session, id) {
  let heard = false;
  const first = next.finally(() => { heard = true; });
  for (let isFavorite = true; !heard; isFavorite = !isFavorite) {
    const { data } = await execute(favour, { input: { id, isFavorite } }, session);
    assert.equal(data.updateImage.errors, null);
    await Promise.race([first, wait(500)]);
  }
  return (await first).value;
}

// Contract: H11, H12, T14
for (const [name, connect] of [['graphql-ws', socketClient], ['graphql-sse', eventsClient]]) {
  test(`${name} gets a query's answer and its end`, async t => {
    const answers = [];
    for await (const answer of connect(t, nobody).iterate({ query: '{ __typename }' })) answers.push(answer);
    assert.deepEqual(answers, [{ data: { __typename: 'Query' } }]);
  });

  test(`${name} hears of the changes to one's own images alone`, { timeout: 60_000 }, async t => {
    const [session, stranger] = [await signUp(), await signUp()];
    const id = await upload(session, 'gradient.jpg');
    const strange = connect(t, stranger).iterate(changes);
    const toStranger = strange.next();
    const own = connect(t, session).iterate(changes);

    let change = await hears(own.next(), session, id);
    assert.equal(change.errors, undefined);
    // The word of the upload itself may still have been on its way.
    if (change.data.imageChanged.kind === 'UPLOADED') change = await hears(own.next(), session, id);
    // Its analysis may end meanwhile; whatever comes first is about this image.
    assert.equal(change.data.imageChanged.imageId, id);
    assert.match(change.data.imageChanged.kind, /^(UPDATED|ANALYZED)$/);
    assert.equal(typeof change.data.imageChanged.image.isFavorite, 'boolean');

    const theirs = await upload(stranger, 'gradient.jpg');
    assert.equal((await hears(toStranger, stranger, theirs)).data.imageChanged.imageId, theirs);
    await Promise.all([own.return(), strange.return()]);
  });

  test(`${name} learns that it is not signed in`, async t => {
    const { value } = await connect(t, nobody).iterate(changes).next().catch(errors => ({ value: { errors } }));
    assert.equal(value.errors[0].extensions.code, 'AUTH_NOT_AUTHENTICATED');
  });

  test(`${name} learns what is wrong with a document`, async t => {
    const { value } = await connect(t, nobody).iterate({ query: 'subscription { nothing }' }).next().catch(errors => ({ value: { errors } }));
    assert.match(value.errors[0].message, /nothing/);
  });

  test(`${name} with a cookie from another site's page is refused`, async t => {
    const session = await signUp();
    await assert.rejects(connect(t, session, 'https://elsewhere.example').iterate(changes).next());
  });
}
