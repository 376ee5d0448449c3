import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as openid from 'openid-client';
import { submit } from './forms.mjs';
import { address, execute, signUp, upload } from './session.mjs';

// The product under test has no TLS in front of it.
const discover = (clientId, secret) =>
  openid.discovery(new URL(address), clientId, secret, secret ? openid.ClientSecretBasic(secret) : openid.None(), { execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks] });

const callback = 'http://127.0.0.1:49213/callback';
const scope = 'openid profile offline_access images:read images:write';
const bearer = token => ({ fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } }) });
const count = async token => (await execute('{ images { totalCount } }', {}, bearer(token)));
const refused = (promise, error) => assert.rejects(promise, problem => {
  // What comes with a challenge (401) is told by the challenge.
  assert.equal(problem.error ?? problem.cause?.[0]?.parameters?.error, error, problem);
  return true;
});

/** Registers an application on the developer's page and returns its id and secret. */
async function register(session, path, fields) {
  const answer = await submit(session, path, fields, path + (fields.handler ? `?handler=${fields.handler}` : ''));
  const page = await answer.text();
  assert.equal(answer.status, 200, page);
  const [, clientId] = /<dt>Client id<\/dt><dd><code>([^<]+)</.exec(page) ?? assert.fail(page);
  return { clientId, secret: /<code id="secret">([^<]+)</.exec(page)?.[1] };
}

/** Goes the way of code and PKCE: the person of the session says yes. */
async function signIn(config, session) {
  const [verifier, state, nonce] = [openid.randomPKCECodeVerifier(), openid.randomState(), openid.randomNonce()];
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: callback, scope, state, nonce, code_challenge: await openid.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  });
  const answer = await submit(session, url.pathname + url.search, { answer: 'allow' }, url.pathname);
  assert.equal(answer.status, 302, await answer.text());
  const back = new URL(answer.headers.get('location'));
  const redeem = (pkceCodeVerifier = verifier) =>
    openid.authorizationCodeGrant(config, back, { pkceCodeVerifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true });
  return { redeem };
}

test('openid-client goes the way of code and PKCE, refreshes, reads userinfo and revokes, as a public client', async () => {
  const session = await signUp();
  await upload(session, 'gradient.jpg');
  const config = await discover('imagerepo-cli');
  const tokens = await (await signIn(config, session)).redeem();

  assert.equal((await count(tokens.access_token)).data.images.totalCount, 1);
  const { sub, preferred_username } = tokens.claims();
  assert.match(preferred_username, /^peer-/);
  assert.equal((await openid.fetchUserInfo(config, tokens.access_token, sub)).preferred_username, preferred_username);

  const renewed = await openid.refreshTokenGrant(config, tokens.refresh_token);
  assert.notEqual(renewed.refresh_token, tokens.refresh_token);
  assert.equal((await count(renewed.access_token)).data.images.totalCount, 1);

  await openid.tokenRevocation(config, renewed.refresh_token);
  await refused(openid.refreshTokenGrant(config, renewed.refresh_token), 'invalid_grant');
});

test('openid-client signs in as a confidential client, and asks what a token is good for', async () => {
  const session = await signUp();
  const { clientId, secret } = await register(session, '/developer/applications', { Name: 'A peer', Kind: 'Server', RedirectAddresses: callback });
  const config = await discover(clientId, secret);
  const tokens = await (await signIn(config, session)).redeem();

  const told = await openid.tokenIntrospection(config, tokens.access_token);
  assert.equal(told.active, true);
  assert.equal(told.sub, tokens.claims().sub);
  await openid.tokenRevocation(config, tokens.access_token);
  assert.equal((await openid.tokenIntrospection(config, tokens.access_token)).active, false);
  await refused(openid.refreshTokenGrant(await discover(clientId, 'wrong'), tokens.refresh_token), 'invalid_client');
});

test('openid-client acts as the one who registered the client, by client credentials', async () => {
  const session = await signUp();
  await upload(session, 'brook.jpg');
  const { clientId, secret } = await register(session, '/developer/tokens', { handler: 'Script', Name: 'A script', Scopes: 'images:read' });
  const config = await discover(clientId, secret);

  const { access_token } = await openid.clientCredentialsGrant(config, { scope: 'images:read' });

  assert.equal((await count(access_token)).data.images.totalCount, 1);
  await refused(openid.clientCredentialsGrant(config, { scope: 'images:write' }), 'invalid_request');
});

test('openid-client gets a device in by its code', { timeout: 60_000 }, async () => {
  const session = await signUp();
  await upload(session, 'brook.jpg');
  const config = await discover('imagerepo-cli');
  const device = await openid.initiateDeviceAuthorization(config, { scope });
  const polled = openid.pollDeviceAuthorizationGrant(config, { ...device, interval: 1 });

  const answer = await submit(session, new URL(device.verification_uri_complete).pathname + new URL(device.verification_uri_complete).search, { answer: 'allow' }, '/connect/verify');
  assert.equal(answer.headers.get('location'), '/connect/verify?outcome=allowed');

  const tokens = await polled;
  assert.equal((await count(tokens.access_token)).data.images.totalCount, 1);
  assert.ok(tokens.refresh_token);
});

test('openid-client is refused with another verifier, and with a code or refresh token that comes twice', async () => {
  const session = await signUp();
  const config = await discover('imagerepo-cli');
  const { redeem } = await signIn(config, session);
  await refused(redeem(openid.randomPKCECodeVerifier()), 'invalid_grant');

  const second = await signIn(config, session);
  const tokens = await second.redeem();
  await refused(second.redeem(), 'invalid_grant');
  await refused(openid.refreshTokenGrant(config, tokens.refresh_token), 'invalid_grant');

  const third = await (await signIn(config, session)).redeem();
  const renewed = await openid.refreshTokenGrant(config, third.refresh_token);
  await refused(openid.refreshTokenGrant(config, third.refresh_token), 'invalid_grant');
  await refused(openid.refreshTokenGrant(config, renewed.refresh_token), 'invalid_grant');
  assert.equal((await count(renewed.access_token)).errors[0].extensions.code, 'AUTH_NOT_AUTHENTICATED');
});
