import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema } from 'graphql';
import { execute } from './session.mjs';

const sdl = await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8');
const sorted = schema => printSchema(lexicographicSortSchema(schema));

const everything = {
  descriptions: true,
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
  oneOf: true,
};

// Contract: T3, T7
test('introspection with every option tells the whole of schema.graphql', async () => {
  const { data, errors } = await execute(getIntrospectionQuery(everything));
  assert.equal(errors, undefined);
  assert.equal(sorted(buildClientSchema(data)), sorted(buildSchema(sdl)));
});

// What each tool asks for, by the options that it gives to graphql-js.
const tools = {
  "graphql-js's default, which Relay's tools send": {},
  GraphiQL: { schemaDescription: true, inputValueDeprecation: true },
  'GraphQL Code Generator and the other loaders of graphql-tools': { specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true },
  "Apollo's schema download": { specifiedByUrl: true, directiveIsRepeatable: true, inputValueDeprecation: true },
  'tools that read no descriptions': { descriptions: false },
};
for (const [tool, options] of Object.entries(tools)) {
  test(`introspection passes: ${tool}`, async () => {
    const { data, errors } = await execute(getIntrospectionQuery(options));
    assert.equal(errors, undefined);
    const schema = buildClientSchema(data);
    assert.ok(schema.getType('ImagesConnection') && schema.getMutationType().getFields().uploadImage);
  });
}
