declare const admission: unique symbol;

/**
 * A submission for which no gate is shut and no kill switch is thrown. Only `admit/` makes one (the symbol is not exported, and
 * `test/repo.test.ts` forbids the type predicate elsewhere), and `precheck` takes nothing else: taking the gate out of the pipeline does not compile.
 */
export type Admitted<Subject> = Subject & { readonly [admission]: true };
