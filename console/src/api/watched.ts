/** Campaigns, limits, usage and surfaces, as the gateway shows them. */
export interface CampaignLine {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly case_id: string | null;
  readonly opened_at: string;
  readonly seen_at: string;
  readonly accounts: number;
  readonly refusals: number;
  readonly shared: number;
  readonly applications: string[];
  readonly categories: string[];
  readonly decided: { readonly by: string; readonly at: string; readonly user_action: string | null } | null;
}

export interface Campaign extends CampaignLine {
  readonly members: {
    readonly application: string | null;
    readonly user: string;
    readonly refusals: number;
    readonly first_at: string;
    readonly last_at: string;
  }[];
  readonly generations: string[];
}

export interface Limit {
  readonly id: string;
  readonly what: string;
  readonly per: string[];
  readonly when: Readonly<Record<string, unknown>>;
  readonly limit: number;
  readonly window: number | string;
  readonly warn_at: number | null;
  readonly version: number;
  readonly source: string;
  readonly reason: string | null;
  readonly by: string | null;
  readonly changed_at: string | null;
  readonly use?: { readonly used: number; readonly remaining: number; readonly resets_at: string };
}

export interface UsageLine {
  readonly day: string;
  readonly kind: string;
  readonly application: string;
  readonly model: string;
  readonly requests: number;
  readonly pictures: number;
  readonly refused: number;
  readonly held: number;
  readonly reviews: number;
  readonly cost_units: number | null;
}

export interface Usage {
  readonly from: string;
  readonly to: string;
  readonly closed_through: string | null;
  readonly data: UsageLine[];
  readonly open: UsageLine[] | null;
}

export interface Surface {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly made_at: string | null;
}
