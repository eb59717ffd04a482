import type { Config } from '../config/load-config.ts';
import type { HttpParts } from '../http/parts.ts';
import type { Toolbox } from '../pipeline.ts';
import { reviewRules } from '../review/configured-rules.ts';
import { type DeskParts, openDesk } from './open-desk.ts';
import { openQuality, type QualityBuild } from './open-quality.ts';
import { openReview } from './open-review.ts';

type ReviewingBuild = QualityBuild & Omit<Parameters<typeof openReview>[1], 'replays' | 'secondReview'> & DeskParts;

/** What people decide with, how their work is sampled, and what they are spared. */
export function openReviewing(
  config: Config,
  toolbox: Toolbox,
  build: ReviewingBuild,
): Pick<HttpParts, 'review' | 'desk' | 'team' | 'exposureOf'> {
  const { key, caseOpened, ...parts } = build;
  const quality = openQuality(config, build);
  const desk = openDesk(config, toolbox, parts);
  const { secondReview } = reviewRules(config.values.review, config.values.surfaces);
  return { ...quality.parts, desk, review: openReview(toolbox, { ...parts, replays: quality.replays, secondReview }) };
}
