import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Folders whose files take longest: begun last, one of them would keep a single core busy while the others wait for it. */
const LONG = ['test/crash/', 'redteam/', 'console/test/', 'test/e2e/'];

/** Long files first. A clean checkout has no record of how long each took. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const place = ({ moduleId }: TestSpecification) => LONG.findIndex((folder) => moduleId.includes(`/${folder}`));
    const long = LONG.flatMap((_, at) => sorted.filter((file) => place(file) === at));
    return [...long, ...sorted.filter((file) => place(file) < 0)];
  }
}
