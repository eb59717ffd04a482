import { isRecord, listMember, member, textMember, type UpstreamReply } from '../upstream-reply.ts';
import { broken, type Recognition, refused, soundsLikeRefusal } from './recognition.ts';

/**
 * One entry of ComfyUI's `/history`. A safety node stops the graph by raising (`status_str: error`) or swallows the
 * picture, so that the graph succeeds without an output. The latter cannot be told from a broken workflow and counts
 * as a refusal.
 */
export function recognizeComfyUi({ status, body }: UpstreamReply): Recognition {
  if (status !== 200 || !isRecord(member(body, 'status'))) return null;
  if (textMember(body, 'status', 'status_str') === 'error') {
    const isSafety = listMember(body, 'status', 'messages').some(isSafetyMessage);
    return isSafety ? refused('unknown') : broken('server_error', 'the workflow failed');
  }
  if (member(body, 'status', 'completed') !== true) return null;
  const outputs = member(body, 'outputs');
  const hasPicture = isRecord(outputs) && Object.values(outputs).some((output) => listMember(output, 'images').length > 0);
  return hasPicture ? null : refused('unknown');
}

function isSafetyMessage(message: unknown): boolean {
  const data: unknown = Array.isArray(message) ? message[1] : undefined;
  return soundsLikeRefusal(`${textMember(data, 'exception_message')} ${textMember(data, 'node_type').replace(/([a-z])([A-Z])/g, '$1 $2')}`);
}
