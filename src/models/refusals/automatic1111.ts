import type { UpstreamReply } from '../upstream-reply.ts';
import { recognizeBlackPicture } from './black-picture.ts';
import type { IsBlack, Recognition } from './recognition.ts';

/** AUTOMATIC1111 and other diffusers front ends: the censor's only sign on the wire is a black picture. */
export async function recognizeAutomatic1111({ status, images }: UpstreamReply, isBlack: IsBlack): Promise<Recognition> {
  return status === 200 ? recognizeBlackPicture(images, isBlack) : null;
}
