import { z } from 'zod';

/** A time as answers tell it. */
export const timeAnswer = z.string().describe('RFC 3339');

/** Everything there is. */
export const listOf = <Item extends z.ZodType>(item: Item) => z.object({ object: z.literal('list'), data: z.array(item) });

/** As `listOf`, where more may follow: `next` is what the parameter `after` of the next request says, null on the last page. */
export const pageOf = <Item extends z.ZodType>(item: Item) => listOf(item).extend({ next: z.string().nullable() });
