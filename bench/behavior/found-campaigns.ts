import type { Behavior } from '../../src/behavior/behavior.ts';
import { campaignsOf } from '../../src/behavior/campaigns.ts';
import { rounded } from '../statistics.ts';

/** Fewer are no campaign: src/behavior/find-campaigns.ts. */
const LEAST_PEOPLE = 5;

/** Which of the planted campaigns come out while the month goes on, and how pure what comes out is. */
export class FoundCampaigns {
  private readonly behavior: Behavior;
  private readonly campaignOf: () => ReadonlyMap<number, string>;
  private readonly found = new Set<string>();
  private groups = 0;
  private members = 0;
  private ofTheLargest = 0;
  private longestMs = 0;

  /** @param campaignOf by number of the account, the campaign that it is part of */
  constructor(behavior: Behavior, campaignOf: () => ReadonlyMap<number, string>) {
    this.behavior = behavior;
    this.campaignOf = campaignOf;
  }

  /** As the gateway looks, at what was seen since a time. */
  look(sinceMs: number): void {
    const before = process.cpuUsage();
    const found = campaignsOf(this.behavior.templates.templates(sinceMs)).filter(({ accounts }) => accounts.length >= LEAST_PEOPLE);
    this.longestMs = Math.max(this.longestMs, process.cpuUsage(before).user / 1_000);
    const truth = this.campaignOf();
    for (const { accounts } of found) {
      const counts = new Map<string, number>();
      for (const account of accounts) {
        const name = truth.get(account);
        if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
      }
      const [name, most] = [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), ['', 0]);
      this.groups++;
      this.members += accounts.length;
      this.ofTheLargest += most;
      if (most >= LEAST_PEOPLE) this.found.add(name);
    }
  }

  /** @param planted how many there were of the strategy `template` */
  result(planted: number) {
    const templates = [...this.found].filter((name) => name.startsWith('campaign'));
    return {
      planted,
      found: templates.length,
      recall: rounded(templates.length / Math.max(1, planted)),
      groups: this.groups,
      purity: rounded(this.ofTheLargest / Math.max(1, this.members)),
      longestTurnMs: rounded(this.longestMs),
    };
  }
}
