import { z } from 'zod';
import { inspectionSchema } from '../../detectors/pixels/inspection.ts';
import { seenMarkSchema } from '../../watermark/seen-mark.ts';
import { fileMetadataSchema } from '../foreign/file-metadata.ts';

/** What the job answers that looks into a file; it opened a hostile one, so its words are parsed. */
export const fileTracesSchema = z.object({
  /** What the file says of itself, and marks of other makers. */
  metadata: fileMetadataSchema,
  /** Null when nobody asked for what stands in the pixels. */
  pixels: z.object({ inspection: inspectionSchema, mark: seenMarkSchema }).nullable(),
});

/** Everything by which a file shows where it comes from, but its content credential. */
export type FileTraces = z.output<typeof fileTracesSchema>;
