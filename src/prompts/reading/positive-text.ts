import type { PromptReading } from './prompt-reading.ts';

/**
 * What a classifier gets to see: the parts that are to be shown, as they are scored here. Words and spaces only, so no
 * text can close a template's quotation or write a model's control tokens. A prompt without a single word (signs, emoji)
 * goes out as it is.
 */
export function positiveText({ original, parts }: PromptReading): string {
  const text = parts
    .filter(({ role }) => role === 'positive')
    .map(({ canonical }) => canonical.text)
    .filter((part) => part !== '')
    .join(' ');
  return text === '' && parts.every(({ role }) => role === 'positive') ? original.trim() : text;
}
