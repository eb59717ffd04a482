import type { Plane } from '../raster.ts';

/**
 * Mean over the square of side 2 × `radius` + 1 around each pixel, over the part of it that lies in the picture. Takes the same time for
 * any radius. `out` may be a used buffer, but not `values` itself.
 */
export function boxMean(values: Float32Array, width: number, height: number, radius: number, out: Float32Array): void {
  eachMeanRow({ values, width, height }, radius, (means, y) => out.set(means, y * width));
}

/** The same row by row, while it is at hand; `means` is used again for the next row. */
export function eachMeanRow({ values, width, height }: Plane, radius: number, visit: (means: Float32Array, y: number) => void): void {
  // Sums of columns, with room of zeros on both sides, so that the sliding sum below needs no case for the borders.
  const columns = new Float64Array(width + 2 * radius + 1);
  const across = reciprocalCounts(width, radius);
  const down = reciprocalCounts(height, radius);
  const means = new Float32Array(width);
  for (let y = 0; y < Math.min(radius, height); y++) addRow(columns, values, y * width, width, radius);
  for (let y = 0; y < height; y++) {
    const entering = (y + radius) * width;
    const leaving = (y - radius - 1) * width;
    if (y + radius < height && leaving >= 0) exchangeRows(columns, values, entering, leaving, width, radius);
    else if (y + radius < height) addRow(columns, values, entering, width, radius);
    else if (leaving >= 0) subtractRow(columns, values, leaving, width, radius);
    writeMeans(columns, across, down[y] ?? 0, radius, means);
    visit(means, y);
  }
}

/** What enters and what leaves is subtracted first, so that only one addition waits for the one before it. */
function writeMeans(columns: Float64Array, across: Float64Array, scale: number, radius: number, out: Float32Array): void {
  const reach = 2 * radius + 1;
  let sum = 0;
  for (let x = 0; x < reach; x++) sum += columns[x] ?? 0;
  for (let x = 0; x < out.length; x++) {
    out[x] = sum * scale * (across[x] ?? 0);
    sum += (columns[x + reach] ?? 0) - (columns[x] ?? 0);
  }
}

function addRow(columns: Float64Array, values: Float32Array, from: number, width: number, radius: number): void {
  for (let x = 0; x < width; x++) columns[x + radius] = (columns[x + radius] ?? 0) + (values[from + x] ?? 0);
}

function exchangeRows(columns: Float64Array, values: Float32Array, entering: number, leaving: number, width: number, radius: number): void {
  for (let x = 0; x < width; x++)
    columns[x + radius] = (columns[x + radius] ?? 0) + (values[entering + x] ?? 0) - (values[leaving + x] ?? 0);
}

function subtractRow(columns: Float64Array, values: Float32Array, from: number, width: number, radius: number): void {
  for (let x = 0; x < width; x++) columns[x + radius] = (columns[x + radius] ?? 0) - (values[from + x] ?? 0);
}

/** One over the number of places within `radius` of each place on a line. */
function reciprocalCounts(length: number, radius: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => 1 / (Math.min(length - 1, i + radius) - Math.max(0, i - radius) + 1));
}
