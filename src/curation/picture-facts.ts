import { z } from 'zod';

const hashes = z
  .array(z.string().regex(/^[0-9a-f]{64}$/))
  .length(8)
  .readonly();
const pictureHash = z.object({ quality: z.int().min(0).max(100), hashes });

const wishesSchema = z.object({
  /** Who has said that the picture is not for training, and where, as `plus:DMI-PROHIBITED` or `c2pa:ai_training`. */
  optOuts: z.array(z.string().max(80)).max(32).readonly(),
  /** What a person must read, as `rights:reserved`. */
  notices: z.array(z.string().max(40)).max(4).readonly(),
  /** What the file says of its licence, in its own words. */
  licence: z.string().max(200).nullable(),
  /** Who made it or owns it, in the words of the file. */
  makers: z.array(z.string().max(200)).max(32).readonly(),
});

/** What a picture's owner wishes, as far as the file or what lies beside it says so. Nothing of it is proved. */
export type Wishes = z.output<typeof wishesSchema>;

/** What a worker found in a file. It opened a hostile file, so its words are parsed. */
export const pictureFactsSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('picture'),
    wishes: wishesSchema,
    format: z.string().max(16),
    width: z.int().positive(),
    height: z.int().positive(),
    /** Of the first frame as it is shown; the eight orientations. */
    shown: pictureHash,
    /** Of everything else: other frames, hidden color, without a border or a caption. */
    others: z.array(pictureHash).max(1280).readonly(),
  }),
  z.object({ kind: z.literal('refused'), wishes: wishesSchema, problems: z.array(z.string().max(80)).min(1).max(64).readonly() }),
]);

export type PictureFacts = z.output<typeof pictureFactsSchema>;
export type PictureHash = z.output<typeof pictureHash>;
