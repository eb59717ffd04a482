/** Soft things (clouds, light on a wall) cost too much per pixel: they are computed on a coarse grid and read between its points. */
export interface Grid {
  /** Bilinear; `x` and `y` in pixels, held to the area that the grid was made for. */
  at(x: number, y: number): number;
}

export interface GridArea {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Pixels between two points of the grid. */
  readonly step: number;
}

/** One grid for each number that `valueAt` gives for a point (in pixels). */
export function grids<Names extends string>(
  area: GridArea,
  names: readonly Names[],
  valueAt: (x: number, y: number) => Readonly<Record<Names, number>>,
): (name: Names) => Grid {
  const columns = Math.ceil(area.width / area.step) + 2;
  const rows = Math.ceil(area.height / area.step) + 2;
  const values = names.map(() => new Float32Array(columns * rows));
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const point = valueAt(i * area.step, j * area.step);
      for (const [index, name] of names.entries()) values[index]?.fill(point[name], j * columns + i, j * columns + i + 1);
    }
  }
  return (name) => readable(values[names.indexOf(name)] ?? new Float32Array(0), columns, rows, area.step);
}

function readable(values: Float32Array, columns: number, rows: number, step: number): Grid {
  const perPixel = 1 / step;
  return {
    at(x, y) {
      const gx = Math.min(columns - 1.001, Math.max(0, x * perPixel));
      const gy = Math.min(rows - 1.001, Math.max(0, y * perPixel));
      const i = Math.floor(gx);
      const j = Math.floor(gy);
      const fx = gx - i;
      const fy = gy - j;
      const at = j * columns + i;
      const upper = (values[at] ?? 0) * (1 - fx) + (values[at + 1] ?? 0) * fx;
      const lower = (values[at + columns] ?? 0) * (1 - fx) + (values[at + columns + 1] ?? 0) * fx;
      return upper + (lower - upper) * fy;
    },
  };
}
