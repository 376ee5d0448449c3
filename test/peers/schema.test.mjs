import assert from 'node:assert/strict';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildSchema, isEnumType, isInputObjectType, isIntrospectionType, isSpecifiedDirective, isSpecifiedScalarType } from 'graphql';
import { folder, run } from './commands.mjs';

const root = join(import.meta.dirname, '../..');
const sdl = await readFile(join(root, 'schema.graphql'), 'utf8');
const diff = (cwd, from, to) => run(cwd, 'graphql-inspector', 'diff', from, to);

// Contract: T14
test('graphql-inspector finds nothing in schema.graphql that breaks clients of the released schema', async () => {
  const { code, output } = await diff(root, 'schema.released.graphql', 'schema.graphql');
  // Is the change meant? docs/clients.md, "What may change", says how to release it.
  assert.equal(code, 0, output);
});

test('graphql-inspector refuses a field that is taken away', async t => {
  const cwd = await folder(t);
  const without = sdl.replace(/^  "[^\n]*"\n  totalCount: Int![^\n]*\n/m, '');
  assert.notEqual(without, sdl);
  await writeFile(join(cwd, 'released.graphql'), sdl);
  await writeFile(join(cwd, 'changed.graphql'), without);
  const { code, output } = await diff(cwd, 'released.graphql', 'changed.graphql');
  assert.equal(code, 1, output);
  assert.match(output, /totalCount.*was removed/);
});

// Contract: S18
test('every type, field, argument and enum value is described', () => {
  const schema = buildSchema(sdl);
  const bare = [];
  const look = (name, thing) => thing.description?.trim() || bare.push(name);
  const args = (name, of) => of.forEach(arg => look(`${name}(${arg.name}:)`, arg));
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    look(type.name, type);
    if (isEnumType(type)) type.getValues().forEach(value => look(`${type.name}.${value.name}`, value));
    for (const field of Object.values(type.getFields?.() ?? {})) {
      look(`${type.name}.${field.name}`, field);
      if (!isInputObjectType(type)) args(`${type.name}.${field.name}`, field.args);
    }
  }
  for (const directive of schema.getDirectives().filter(directive => !isSpecifiedDirective(directive))) {
    look(`@${directive.name}`, directive);
    args(`@${directive.name}`, directive.args);
  }
  assert.deepEqual(bare, []);
});

// Contract: T14
test('graphql-codegen types every operation of the pages, and the types compile', async t => {
  const cwd = await folder(t);
  await writeFile(join(cwd, 'schema.graphql'), sdl);
  await cp(join(root, 'src/ImageRepo.Web/Pages'), join(cwd, 'pages'), { recursive: true, filter: path => !/\.(cs|cshtml)$/.test(path) });
  await writeFile(join(cwd, 'codegen.json'), JSON.stringify({
    schema: 'schema.graphql',
    documents: 'pages/**/*.graphql',
    generates: { 'gql/': { preset: 'client', presetConfig: { fragmentMasking: false } } },
  }));
  const generated = await run(cwd, 'graphql-codegen', '--config', 'codegen.json');
  assert.equal(generated.code, 0, generated.output);
  const types = await readFile(join(cwd, 'gql/graphql.ts'), 'utf8');
  assert.match(types, /export type ImageFilterInput = /);
  const compiled = await run(cwd, 'tsc', '--noEmit', '--strict', '--skipLibCheck', '--module', 'esnext', '--moduleResolution', 'bundler', 'gql/graphql.ts');
  assert.equal(compiled.code, 0, compiled.output);
});

// Contract: T14
test('relay-compiler compiles a fragment, a paged connection and a mutation', async t => {
  const cwd = await folder(t);
  await mkdir(join(cwd, 'src'));
  await writeFile(join(cwd, 'schema.graphql'), sdl);
  await writeFile(join(cwd, 'relay.config.json'), JSON.stringify({ src: './src', schema: './schema.graphql', language: 'typescript' }));
  await writeFile(join(cwd, 'src/Library.ts'), `
    import { graphql } from 'relay-runtime';
    graphql\`fragment Library_image on Image { id fileName ...Library_tags }\`;
    graphql\`fragment Library_tags on Image { tags { name source } }\`;
    graphql\`fragment Library_page on Query
      @refetchable(queryName: "LibraryPageQuery") @argumentDefinitions(count: { type: "Int", defaultValue: 30 }, cursor: { type: "String" }) {
      images(first: $count, after: $cursor) @connection(key: "Library_images") { edges { node { ...Library_image } } }
    }\`;
    graphql\`fragment Library_one on Image @refetchable(queryName: "LibraryOneQuery") { description { text } }\`;
    graphql\`query LibraryQuery { ...Library_page }\`;
    graphql\`mutation LibraryDeleteMutation($input: DeleteImagesInput!, $connections: [ID!]!) {
      deleteImages(input: $input) { deletedIds @deleteEdge(connections: $connections) errors { ... on Error { message } } }
    }\`;`);
  const { code, output } = await run(cwd, 'relay-compiler');
  assert.equal(code, 0, output);
  const page = await readFile(join(cwd, 'src/__generated__/LibraryPageQuery.graphql.ts'), 'utf8');
  assert.match(page, /hasNextPage/);
  // Only a type that implements Node can be fetched again alone.
  const one = await readFile(join(cwd, 'src/__generated__/LibraryOneQuery.graphql.ts'), 'utf8');
  assert.match(one, /node\(/);
});
