import type { Category } from '../../contracts/category.ts';
import type { Classification, Post } from '../../prompts/external/classification.ts';

/** A picture as it is sent: a JPEG of at most 1,024 pixels a side, without metadata. */
export interface PlainCopy {
  readonly base64: string;
  /** `data:image/jpeg;base64,…` */
  readonly dataUrl: string;
}

/** The dialect of one service that looks at pictures. It knows the wire and nothing of budgets and time. */
export interface PictureDialect {
  /** Changes when the same picture could get another answer: kind, model, question. */
  readonly version: string;
  /** Categories of ours that it answers for, whether it finds something or not. */
  readonly categories: readonly Category[];
  look(picture: PlainCopy, post: Post): Promise<Classification>;
}
