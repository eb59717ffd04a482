import { listMember, textMember, type UpstreamReply } from '../upstream-reply.ts';
import { broken, type Recognition, refused } from './recognition.ts';

/** Black Forest Labs: the refusal arrives as a status while polling, with reasons in `details`. */
export function recognizeBfl({ body }: UpstreamReply): Recognition {
  const words = listMember(body, 'details', 'Moderation Reasons');
  switch (textMember(body, 'status')) {
    case 'Request Moderated':
      return refused('input', { words });
    case 'Content Moderated':
      return refused('output', { words });
    case 'Error':
      return broken('server_error', 'status Error');
    case 'Task not found':
      return broken('garbage', 'status Task not found');
    default:
      return null;
  }
}
