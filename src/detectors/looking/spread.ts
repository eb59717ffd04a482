/** At most `most` of the frames, spread evenly, the first and the last among them. */
export function spread<T>(frames: readonly T[], most: number): T[] {
  if (frames.length <= most) return [...frames];
  if (most < 2) return frames.slice(0, most);
  return Array.from({ length: most }, (_, at) => frames.slice(Math.round((at * (frames.length - 1)) / (most - 1)))[0]).filter(
    (frame) => frame !== undefined,
  );
}
