const WIDTH = 30;

interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Counts up on one line of a terminal; elsewhere says each tenth, so that logs stay short. */
export function progressBar(total: number, terminal: Terminal): (failures: number) => void {
  let done = 0;
  let told = 0;
  return (failures) => {
    done += 1;
    const share = total === 0 ? 1 : done / total;
    const count = `${done} of ${total} attacks, ${failures} to look at`;
    if (terminal.isTTY === true) {
      const filled = Math.round(share * WIDTH);
      terminal.write(`\r${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${count}${done === total ? '\n' : ''}`);
    } else if (Math.floor(share * 10) > told) {
      told = Math.floor(share * 10);
      terminal.write(`${count}\n`);
    }
  };
}
