/** Where the database reports what nobody is waiting for, such as an idle connection that died. */
export interface StorageLogger {
  warn(fields: Record<string, unknown>, message: string): void;
}
