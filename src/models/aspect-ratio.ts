/**
 * The ratio of `ratios` (each `W:H`) nearest to a `WxH` size, on a logarithmic scale so that wide and tall are treated
 * alike; undefined when `size` is not of that form (`auto`).
 */
export function nearestAspectRatio(size: string, ratios: readonly string[]): string | undefined {
  const match = /^(\d{1,5})x(\d{1,5})$/.exec(size);
  const wanted = Math.log(Number(match?.[1]) / Number(match?.[2]));
  if (!Number.isFinite(wanted)) return undefined;
  const distance = (ratio: string) => {
    const [width, height] = ratio.split(':').map(Number);
    return Math.abs(Math.log((width ?? Number.NaN) / (height ?? Number.NaN)) - wanted);
  };
  return ratios.toSorted((a, b) => distance(a) - distance(b))[0];
}
