import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditServer } from 'graphql-http';
import { address, signUp } from './session.mjs';

// Hot Chocolate has these two as well: without a preferred type it answers with the specification's own one.
const known = ['47DE', '80D8'];

async function audit(fetchFn) {
  const results = await auditServer({ url: `${address}/graphql`, fetchFn });
  assert.ok(results.length > 50, `only ${results.length} audits ran`);
  const bad = results.filter(result => result.status !== 'ok');
  assert.deepEqual(
    bad.filter(result => !(result.status === 'warn' && known.includes(result.id))).map(({ id, name, status, reason }) => ({ id, name, status, reason })),
    [],
  );
}

// Contract: H1, H2, T14
test('graphql-http finds the specification of GraphQL over HTTP kept', () => audit(fetch));

test('graphql-http finds it kept for somebody who is signed in', async () => audit((await signUp()).fetch));
