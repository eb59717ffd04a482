/** Something that will be asked later. */
export interface Planned<Request> {
  readonly atMs: number;
  readonly request: (atMs: number) => { readonly request: Request; readonly next: Planned<Request> | null };
}

/** A heap by time. */
export class Later<Request> {
  private readonly heap: Planned<Request>[] = [];

  add(planned: Planned<Request>): void {
    const { heap } = this;
    heap.push(planned);
    for (let i = heap.length - 1; i > 0; ) {
      const up = (i - 1) >> 1;
      if ((heap[up]?.atMs ?? 0) <= (heap[i]?.atMs ?? 0)) break;
      this.swap(i, up);
      i = up;
    }
  }

  takeBefore(atMs: number): Planned<Request> | null {
    const { heap } = this;
    const [first] = heap;
    if (first === undefined || first.atMs > atMs) return null;
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) {
      heap[0] = last;
      this.sink();
    }
    return first;
  }

  private sink(): void {
    const { heap } = this;
    for (let i = 0; ; ) {
      const [left, right] = [2 * i + 1, 2 * i + 2];
      const at = (k: number) => heap[k]?.atMs ?? Number.POSITIVE_INFINITY;
      const least = at(right) < at(left) ? right : left;
      if (at(least) >= at(i)) return;
      this.swap(i, least);
      i = least;
    }
  }

  private swap(a: number, b: number): void {
    const [one, other] = [this.heap[a], this.heap[b]];
    if (one !== undefined && other !== undefined) [this.heap[a], this.heap[b]] = [other, one];
  }
}
