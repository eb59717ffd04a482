/**
 * Flags of V8 for what runs tests. Most files live some seconds: too short for what its optimizing compilers cost to pay off, above all for
 * PostgreSQL's WebAssembly, which each file compiles anew. They come in later than usual, and do come for what runs long. (A third less CPU
 * over tests with databases, a fifth less over tests that calculate.)
 */
export const LATE_OPTIMIZATION = ['--wasm-tiering-budget=60000000', '--interrupt-budget=600000'] as const;
