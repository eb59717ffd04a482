import type { Signal } from '../../contracts/finding.ts';
import type { PromptReading } from '../reading/prompt-reading.ts';
import { findMentions } from './find-mentions.ts';
import type { Gazetteer } from './gazetteer.ts';
import { judgeMentions } from './judge-mentions.ts';

/** What the gazetteers say about a prompt that was read. Linear; negative parts are not looked at. */
export function evaluateNames(gazetteer: Gazetteer, reading: PromptReading): Signal[] {
  return judgeMentions(findMentions(gazetteer, reading));
}
