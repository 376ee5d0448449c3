// Paints a ThumbHash (https://evanw.github.io/thumbhash/) behind a picture until its pixels arrive.

const size = 32;

export function paintPlaceholders(root) {
  for (const frame of root.querySelectorAll("[data-thumbhash]")) {
    const image = frame.querySelector("img");
    if (!frame.dataset.thumbhash || image?.complete) continue;
    const picture = decode(Uint8Array.from(atob(frame.dataset.thumbhash), c => c.charCodeAt(0)));
    frame.style.backgroundImage = `url("${toDataUrl(picture)}")`;
    frame.classList.add("has-placeholder");
  }
}

function toDataUrl({ width, height, pixels }) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d").putImageData(new ImageData(pixels, width, height), 0, 0);
  return canvas.toDataURL();
}

// The format: a header with the averages and scales of luminance, two colour channels and alpha, then the coefficients
// of their cosine transforms, four bits each.
function decode(hash) {
  const header = hash[0] | (hash[1] << 8) | (hash[2] << 16);
  const more = hash[3] | (hash[4] << 8);
  const hasAlpha = header >> 23 !== 0;
  const isLandscape = more >> 15 !== 0;
  const lx = Math.max(3, isLandscape ? (hasAlpha ? 5 : 7) : more & 7);
  const ly = Math.max(3, isLandscape ? more & 7 : (hasAlpha ? 5 : 7));
  const averages = { l: (header & 63) / 63, p: ((header >> 6) & 63) / 31.5 - 1, q: ((header >> 12) & 63) / 31.5 - 1, a: hasAlpha ? (hash[5] & 15) / 15 : 1 };
  const scales = { l: ((header >> 18) & 31) / 31, p: ((more >> 3) & 63) / 63, q: ((more >> 9) & 63) / 63, a: (hash[5] >> 4) / 15 };

  let nibble = 0;
  const start = hasAlpha ? 6 : 5;
  const next = scale => {
    const value = (hash[start + (nibble >> 1)] >> ((nibble++ & 1) << 2)) & 15;
    return (value / 7.5 - 1) * scale;
  };
  const channel = (nx, ny, scale) => {
    const coefficients = [];
    for (let cy = 0; cy < ny; cy++) {
      for (let cx = cy ? 0 : 1; cx * ny < nx * (ny - cy); cx++) coefficients.push({ cx, cy, value: next(scale) });
    }
    return coefficients;
  };
  // The colours' coefficients are written a quarter stronger than they are, to make up for their coarse steps.
  const l = channel(lx, ly, scales.l);
  const p = channel(3, 3, scales.p * 1.25);
  const q = channel(3, 3, scales.q * 1.25);
  const a = hasAlpha ? channel(5, 5, scales.a) : [];

  const ratio = lx / ly;
  const width = Math.round(ratio > 1 ? size : size * ratio);
  const height = Math.round(ratio > 1 ? size / ratio : size);
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) {
      const at = (average, coefficients, factor) => coefficients.reduce(
        (sum, c) => sum + c.value * factor * Math.cos((Math.PI / width) * (x + 0.5) * c.cx) * Math.cos((Math.PI / height) * (y + 0.5) * c.cy), average);
      const luminance = at(averages.l, l, 2);
      const yellowBlue = at(averages.p, p, 2);
      const redGreen = at(averages.q, q, 2);
      const blue = luminance - (2 / 3) * yellowBlue;
      const red = (3 * luminance - blue + redGreen) / 2;
      pixels[i] = red * 255;
      pixels[i + 1] = (red - redGreen) * 255;
      pixels[i + 2] = blue * 255;
      pixels[i + 3] = at(averages.a, a, 2) * 255;
    }
  }
  return { width, height, pixels };
}
