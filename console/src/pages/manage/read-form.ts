/** What stands in the fields of a form. A field that is empty is left out of the request. */
export const textOf = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
};

export const manyOf = (form: FormData, name: string): string[] => form.getAll(name).filter((one) => typeof one === 'string');

/** One value a line. */
export const linesIn = (form: FormData, name: string): string[] =>
  textOf(form, name)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

export const filesOf = (form: FormData, name: string): File[] =>
  form.getAll(name).filter((one): one is File => one instanceof File && one.size > 0);

/** A day or a moment, in the reader's own time zone, as ISO 8601. */
export function momentOf(form: FormData, name: string): string | undefined {
  const value = textOf(form, name);
  const time = new Date(value.length === 10 ? `${value}T23:59:59` : value);
  return value === '' || Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** The entries that say something. */
export function said(wish: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined && value !== ''));
}
