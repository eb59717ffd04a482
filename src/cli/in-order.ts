/** Runs `work` on every item, at most `width` at a time, and hands the results on in the order of the items. */
export async function inOrder<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Result>,
  use: (result: Result, done: number) => void,
): Promise<void> {
  const results = new Map<number, Result>();
  let next = 0;
  let used = 0;
  const worker = async () => {
    for (let i = next++; i < items.length; i = next++) {
      const [item] = items.slice(i, i + 1);
      if (item === undefined) return;
      results.set(i, await work(item));
      for (let ready = results.get(used); ready !== undefined; ready = results.get(used)) {
        results.delete(used);
        used++;
        use(ready, used);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
}
