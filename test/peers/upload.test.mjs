import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApolloClient, CombinedGraphQLErrors, InMemoryCache, gql } from '@apollo/client';
import UploadHttpLink from 'apollo-upload-client/UploadHttpLink.mjs';
import { address, photo, signUp } from './session.mjs';

const client = (session, headers = { 'GraphQL-preflight': '1' }) => new ApolloClient({
  cache: new InMemoryCache(),
  link: new UploadHttpLink({ uri: `${address}/graphql`, fetch: session.fetch, headers }),
});

const upload = gql`
  mutation ($input: UploadImageInput!) {
    uploadImage(input: $input) {
      image { id fileName contentType byteSize width height tags { name } dominantColors }
      isDuplicate
      errors { __typename ... on Error { message } }
    }
  }
`;

// Contract: H6, T14
test('apollo-upload-client uploads a photo and Apollo Client finds it again', async () => {
  const session = await signUp();
  const apollo = client(session);
  const bytes = await photo('sunset.jpg');
  const file = new File([bytes], 'Abend am Meer – 夕日.jpg', { type: 'image/jpeg' });
  const { data } = await apollo.mutate({ mutation: upload, variables: { input: { file, tags: ['evening'] } } });

  assert.equal(data.uploadImage.errors, null);
  const { id, ...image } = data.uploadImage.image;
  assert.equal(image.fileName, file.name);
  assert.equal(image.contentType, 'image/jpeg');
  assert.equal(image.byteSize, bytes.length);
  assert.deepEqual(image.tags.map(tag => tag.name), ['evening']);

  const found = await apollo.query({
    query: gql`query ($id: ID!, $where: ImageFilterInput) {
      node(id: $id) { id ... on Image { original { url } } }
      images(where: $where) { totalCount nodes { id } }
    }`,
    variables: { id, where: { tags: { some: { name: { eq: 'evening' } } } } },
  });
  assert.deepEqual(found.data.images.nodes.map(node => node.id), [id]);
  const original = await fetch(found.data.node.original.url);
  assert.deepEqual(Buffer.from(await original.arrayBuffer()), bytes);
});

test('apollo-upload-client uploads two files in one mutation', async () => {
  const files = await Promise.all(['brook.jpg', 'gradient.jpg'].map(async name => new File([await photo(name)], name)));
  const { data } = await client(await signUp()).mutate({
    mutation: gql`mutation ($first: UploadImageInput!, $second: UploadImageInput!) {
      first: uploadImage(input: $first) { image { fileName } }
      second: uploadImage(input: $second) { image { fileName } }
    }`,
    variables: { first: { file: files[0] }, second: { file: files[1] } },
    fetchPolicy: 'no-cache', // The cache's key of a field has no place for files, so that the second would stand for both.
  });
  assert.equal(data.first.image.fileName, 'brook.jpg');
  assert.equal(data.second.image.fileName, 'gradient.jpg');
});

test('apollo-upload-client gets what is wrong with a file as data', async () => {
  const { data } = await client(await signUp()).mutate({
    mutation: upload,
    variables: { input: { file: new File(['no picture at all'], 'a.jpg') } },
  });
  assert.equal(data.uploadImage.image, null);
  assert.deepEqual(data.uploadImage.errors.map(error => error.__typename), ['UnsupportedImageFormatError']);
});

test('apollo-upload-client without the preflight header is refused with HC0077', async () => {
  const upload0 = client(await signUp(), {}).mutate({ mutation: upload, variables: { input: { file: new File(['x'], 'a.jpg') } } });
  await assert.rejects(upload0, problem =>
    CombinedGraphQLErrors.is(problem) && problem.errors[0].extensions.code === 'HC0077');
});
