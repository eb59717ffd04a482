import type { ArtifactId } from '../contracts/ids.ts';
import type { Behavior } from './behavior.ts';
import type { Marks } from './mark-store.ts';
import type { SuspectStore } from './suspect-store.ts';

/** What waits for the next exchange. */
const MOST_WAITING = 5_000;

interface Made {
  readonly account: string;
  readonly artifact: ArtifactId;
  readonly mark: Omit<Marks, 'kind' | 'marks'>;
}

export interface UntoldParts {
  readonly behavior: Behavior;
  readonly store: SuspectStore;
  readonly saveMarks: (marks: readonly Marks[]) => Promise<void>;
  /** PDQ hashes of published pictures, by artifact; those without are left out. */
  readonly hashesOf: (artifacts: readonly ArtifactId[]) => Promise<ReadonlyMap<ArtifactId, Uint32Array>>;
}

/** What this process knows and others do not. What cannot be told now is told with the next exchange. */
export class Untold {
  private readonly parts: UntoldParts;
  private marks: Marks[] = [];
  private made: Made[] = [];

  constructor(parts: UntoldParts) {
    this.parts = parts;
  }

  addWords(mark: Made['mark'], triples: readonly number[]): void {
    if (this.marks.length < MOST_WAITING) this.marks.push({ ...mark, kind: 'words', marks: triples });
  }

  addPictures(account: string, artifacts: readonly ArtifactId[], mark: Made['mark']): void {
    for (const artifact of artifacts) if (this.made.length < MOST_WAITING) this.made.push({ account, artifact, mark });
  }

  /** Pictures are compared here, away from requests; one like an earlier one is told to the others. */
  async look(): Promise<void> {
    const some = this.made;
    this.made = [];
    if (some.length === 0) return;
    const hashes = await this.parts.hashesOf(some.map(({ artifact }) => artifact)).catch((error: unknown) => {
      this.made = [...some, ...this.made].slice(0, MOST_WAITING);
      throw error;
    });
    for (const { account, artifact, mark } of some) {
      const hash = hashes.get(artifact);
      if (hash !== undefined && this.parts.behavior.pictured(account, hash, mark.atMs) && this.marks.length < MOST_WAITING)
        this.marks.push({ ...mark, kind: 'pictures', marks: [...hash] });
    }
  }

  async tell(): Promise<void> {
    const { suspects } = this.parts.behavior;
    const own = suspects.takeChanged();
    const told = this.marks;
    this.marks = [];
    try {
      await this.parts.store.save(own);
      await this.parts.saveMarks(told);
    } catch (error) {
      suspects.putBack(own);
      this.marks = [...told, ...this.marks].slice(0, MOST_WAITING);
      throw error;
    }
  }
}
