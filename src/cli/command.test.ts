import { describe, expect, it } from 'vitest';
import { type CommandContext, parseCommandLine, UsageError } from './command.ts';
import { table } from './table.ts';

const context: CommandContext = { env: {}, terminal: { out: () => undefined, err: () => undefined, isInteractive: false } };
const parse = (line: string, own: readonly string[] = []) => parseCommandLine(line.split(' ').filter(Boolean), context, own);

describe('a command line', () => {
  it('holds the command’s own options, settings of the gateway, and the rest in order', () => {
    const { positionals, options, json, config } = parse('one --surface chat --port 9000 two --json', ['surface']);
    expect([positionals, options, json, config.values.port]).toEqual([['one', 'two'], { surface: 'chat' }, true, 9000]);
    expect(parse('')).toMatchObject({ positionals: [], json: false });
  });

  it.each(['--surfce chat', '--port', '--json=yes', '-x'])('is refused as a slip of the pen: %s', (line) => {
    expect(() => parse(line, ['surface'])).toThrow(UsageError);
  });

  it('is refused when a setting cannot be what it says', () => {
    expect(() => parse('--port 70000')).toThrowError(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});

describe('a table for people', () => {
  it('has its columns in line, and says when there is nothing', () => {
    expect(
      table(
        ['id', 'state'],
        [
          ['case_1', 'open'],
          ['c', ''],
        ],
      ),
    ).toBe('id      state\ncase_1  open\nc');
    expect(table(['id'], [])).toBe('None.');
  });
});
