/** The greatest of the 3 × 3 values around each; beyond the border there is nothing. Into `out`, by way of `work`. */
export function maxPool(values: Float32Array, width: number, height: number, work: Float32Array, out: Float32Array): void {
  for (let y = 0; y < height; y++) poolAlong(values, y * width, width, work);
  for (let y = 0; y < height; y++) {
    const from = y * width;
    const above = Math.max(0, y - 1) * width;
    const below = Math.min(height - 1, y + 1) * width;
    for (let x = 0; x < width; x++) out[from + x] = Math.max(work[from + x] ?? 0, work[above + x] ?? 0, work[below + x] ?? 0);
  }
}

function poolAlong(values: Float32Array, from: number, width: number, out: Float32Array): void {
  let before = 0;
  let here = values[from] ?? 0;
  for (let at = from; at < from + width; at++) {
    const after = at + 1 < from + width ? (values[at + 1] ?? 0) : 0;
    out[at] = Math.max(before, here, after);
    before = here;
    here = after;
  }
}
