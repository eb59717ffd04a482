import { hkdfSync } from 'node:crypto';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import type { ConversationMemory } from '../prompts/conversation/conversation-memory.ts';
import { startSweep } from '../prompts/conversation/start-sweep.ts';
import { createStoredMemory } from '../prompts/conversation/stored-memory.ts';
import type { Database } from '../storage/database.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Closers } from './closers.ts';

interface ConversationGround {
  readonly db: Database;
  readonly evidence: EvidenceStore;
  /** The key of prompt commitments; the links get one of their own from it. */
  readonly promptKey: Uint8Array;
}

/** The memory of conversations, swept also while nobody asks: what is over must not lie about. */
export function buildConversation(
  { db, evidence, promptKey }: ConversationGround,
  telemetry: Telemetry,
  closers: Closers,
): ConversationMemory {
  const linkSecret = new Uint8Array(hkdfSync('sha256', promptKey, '', 'conversation-links', 32));
  const memory = createStoredMemory({ db, evidence, linkSecret });
  closers.add(startSweep({ memory, onError: (error) => telemetry.stageFailed(error, 'sweep') }).stop);
  return memory;
}
