// Shrinks as the server does: means over whole pixels first, then a cubic filter as wide as the shrinking; browsers differ in their own ways.

/** @param {{ rgb: Uint8Array, width: number, height: number }} picture to a square of `side`, as the PDQ reference does */
export function shrunk({ rgb, width, height }, side) {
  const wide = alongRows(rgb, { width, height, side });
  return { rgb: alongColumns(wide, { width: side, height, side }), width: side, height: side };
}

function alongRows(from, { width, height, side }) {
  const taps = tapsOf(width, side);
  const to = new Float32Array(side * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < side; x++) {
      const { first, weights } = taps[x];
      for (let color = 0; color < 3; color++) {
        let sum = 0;
        for (let i = 0; i < weights.length; i++) sum += weights[i] * from[(y * width + first + i) * 3 + color];
        to[(y * side + x) * 3 + color] = sum;
      }
    }
  }
  return to;
}

function alongColumns(from, { width, height, side }) {
  const taps = tapsOf(height, side);
  const to = new Uint8Array(width * side * 3);
  for (let y = 0; y < side; y++) {
    const { first, weights } = taps[y];
    for (let x = 0; x < width * 3; x++) {
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += weights[i] * from[(first + i) * width * 3 + x];
      to[y * width * 3 + x] = Math.max(0, Math.min(255, Math.round(sum)));
    }
  }
  return to;
}

/** For each place of the smaller line, which places of the larger it is made of and with which weights, which sum to 1. */
function tapsOf(size, side) {
  const scale = size / side;
  const reach = Math.max(1, scale);
  return Array.from({ length: side }, (_, at) => {
    const center = (at + 0.5) * scale - 0.5;
    const first = Math.max(0, Math.ceil(center - 2 * reach));
    const last = Math.min(size - 1, Math.floor(center + 2 * reach));
    const weights = Array.from({ length: last - first + 1 }, (_, i) => cubic((first + i - center) / reach));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return { first, weights: weights.map((weight) => weight / total) };
  });
}

/** Catmull–Rom. */
function cubic(x) {
  const a = Math.abs(x);
  if (a < 1) return 1.5 * a ** 3 - 2.5 * a ** 2 + 1;
  return a < 2 ? -0.5 * a ** 3 + 2.5 * a ** 2 - 4 * a + 2 : 0;
}
