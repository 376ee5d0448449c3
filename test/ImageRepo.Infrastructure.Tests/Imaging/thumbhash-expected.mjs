// Wrote thumbhash-expected.json with the reference implementation: npm install thumbhash@0.1.1 && node thumbhash-expected.mjs > thumbhash-expected.json
import { rgbaToThumbHash } from 'thumbhash';

// The same pixels as ThumbHashTests makes: integers alone, so that both languages agree.
const pixels = (width, height, seed, alpha) => {
  const rgba = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * 4;
      rgba[i] = (x * (3 + seed) + y * 2) & 255;
      rgba[i + 1] = (x * y * seed + 40) & 255;
      rgba[i + 2] = ((x ^ y) * (seed + 1)) & 255;
      rgba[i + 3] = alpha === 'opaque' ? 255 : alpha === 'none' ? 0 : (x * 5 + y * 7 * seed) & 255;
    }
  return rgba;
};

const cases = [
  [100, 75, 1, 'opaque'], [75, 100, 2, 'opaque'], [100, 100, 3, 'opaque'], [1, 1, 5, 'opaque'], [100, 1, 1, 'opaque'], [2, 100, 9, 'opaque'],
  [64, 48, 1, 'varied'], [33, 77, 4, 'varied'], [10, 10, 2, 'none'],
];
console.log(JSON.stringify(cases.map(([width, height, seed, alpha]) => ({
  width, height, seed, alpha, hash: Buffer.from(rgbaToThumbHash(width, height, pixels(width, height, seed, alpha))).toString('hex'),
})), null, 2));
