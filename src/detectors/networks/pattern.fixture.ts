/** Colored waves, the same on every machine: `side` × `side` × RGB from 0 to 255. */
export function patternFor(side: number, seed: number): Float32Array {
  const values = new Float32Array(side * side * 3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      for (let color = 0; color < 3; color++) {
        const wave =
          Math.sin((x / side) * (5 + seed) + color) + Math.cos((y / side) * (7 - seed) * (1 + color / 3)) + Math.sin((x * y) / 700);
        values[(y * side + x) * 3 + color] = Math.round(127.5 + 42 * wave);
      }
    }
  }
  return values;
}
