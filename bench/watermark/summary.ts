import type { Marking, Robustness } from './robustness.ts';

const LARGE = 750_000;

/** Tables of a run as they are kept in the result. */
export function summarize(
  main: Robustness,
  harder: Robustness | undefined,
  peers: {
    readonly psnr: Readonly<Record<string, number>>;
    readonly rows: readonly { attack: string; dwtDct: number; dwtDctSvd: number }[];
  },
): Record<string, unknown> {
  const tallies = Object.values(main.tallies);
  const sum = (pick: (tally: (typeof tallies)[number]) => number) => tallies.reduce((total, tally) => total + pick(tally), 0);
  return {
    robustness: {
      trials: sum(({ trials }) => trials),
      exact: sum(({ exact }) => exact),
      wrong: sum(({ wrong }) => wrong),
      exactShare: sum(({ exact }) => exact) / sum(({ trials }) => trials),
      leastSyncZ: Math.min(...tallies.map(({ leastSyncZ }) => leastSyncZ)),
      attacks: Object.entries(main.tallies).map(([attack, { trials, exact, wrong }]) => {
        const peer = peers.rows.find((row) => row.attack === attack);
        return { attack, exact: exact / trials, trials, wrong, dwtDct: peer?.dwtDct, dwtDctSvd: peer?.dwtDctSvd };
      }),
      lost: main.lost,
      notMarkable: main.notMarkable,
    },
    ...(harder === undefined
      ? {}
      : {
          harder: Object.entries(harder.tallies).map(([attack, { trials, exact, wrong }]) => ({
            attack,
            exact: exact / trials,
            trials,
            wrong,
          })),
        }),
    quality: {
      large: qualities(main.markings.filter(({ pixels }) => pixels >= LARGE)),
      small: qualities(main.markings.filter(({ pixels }) => pixels < LARGE)),
    },
    byRobustness: classes(main),
    peersPsnrDb: peers.psnr,
  };
}

function qualities(markings: readonly Marking[]) {
  const mean = (pick: (marking: Marking) => number) => markings.reduce((total, marking) => total + pick(marking), 0) / markings.length;
  return {
    pictures: new Set(markings.map(({ photo }) => photo)).size,
    psnrDb: { mean: mean(({ psnrDb }) => psnrDb), least: Math.min(...markings.map(({ psnrDb }) => psnrDb)) },
    ssimY: { mean: mean(({ ssimY }) => ssimY), least: Math.min(...markings.map(({ ssimY }) => ssimY)) },
    flatRms: Math.max(...markings.map(({ flatRms }) => flatRms ?? 0)),
  };
}

/** How often a mark that was expected to be strong, fair or weak was lost. */
function classes({ markings, lost, tallies }: Robustness) {
  const attacks = Object.keys(tallies).length;
  return ['strong', 'fair', 'weak'].map((robustness) => {
    const members = markings.filter((marking) => marking.robustness === robustness);
    const losses = lost.filter(({ photo, key }) => members.some((marking) => marking.photo === photo && marking.key === key)).length;
    const trials = members.length * attacks;
    return {
      robustness,
      marks: members.length,
      trials,
      exact: trials === 0 ? null : 1 - losses / trials,
      leastMarginDb: members.length === 0 ? null : Math.min(...members.map(({ marginDb }) => marginDb)),
    };
  });
}
