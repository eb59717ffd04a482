import { type RuntimeKind, runtimeKind } from './onnx-runtime.ts';

/** Runs in a process of the detector pool: what its networks run on. */
export async function run(): Promise<RuntimeKind> {
  return runtimeKind;
}
