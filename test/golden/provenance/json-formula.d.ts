/** What we use of it; the package has no types. */
declare module '@adobe/json-formula' {
  interface Interpreter {
    readonly globals: Record<string, unknown>;
    search(ast: unknown, data: unknown): unknown;
  }
  interface FunctionDefinition {
    readonly _func: (args: readonly unknown[], data: unknown, interpreter: Interpreter) => unknown;
    readonly _signature: readonly { readonly types: readonly number[] }[];
  }
  export const dataTypes: { readonly TYPE_ANY: number };
  class JsonFormula {
    constructor(functions?: Record<string, FunctionDefinition>, stringToNumber?: null, debug?: readonly string[]);
    compile(expression: string, allowedGlobalNames?: readonly string[]): unknown;
    search(expression: string, data: unknown, globals?: Record<string, unknown>): unknown;
  }

  export { JsonFormula };
  export default JsonFormula;
}
