import { textMember, type UpstreamReply } from '../upstream-reply.ts';
import { broken, type Recognition, refused, soundsLikeRefusal } from './recognition.ts';

/**
 * Replicate: a prediction `failed` for content is told from one that crashed only by the text in `error` ("flagged as
 * sensitive", "NSFW content detected"), which does not say whether the prompt or the picture was meant.
 */
export function recognizeReplicate({ body }: UpstreamReply): Recognition {
  const status = textMember(body, 'status');
  if (status === 'canceled') return broken('server_error', 'prediction canceled');
  if (status !== 'failed') return null;
  return soundsLikeRefusal(textMember(body, 'error')) ? refused('unknown') : broken('server_error', 'prediction failed');
}
