import type { NetworkName } from '../../src/detectors/networks/network-files.ts';
import { apparentAge, descriptor, landmarks } from './face-networks.ts';
import { type GraphRequest, graphSchema, transcodeGraph } from './graph-model.ts';
import { kerasSchema, transcodeKeras } from './keras-model.ts';
import { readFaceApi, readHuman, readNsfwjs } from './packages.ts';
import { readWeights, type Weight } from './tfjs-weights.ts';

const keras = (name: NetworkName, model: string, shards: number) => () => {
  const { description, bytes } = readNsfwjs(model, shards);
  return transcodeKeras(name, kerasSchema.parse(description), bytes);
};
const graph = (model: string, request: GraphRequest) => () => {
  const { description, bytes } = readHuman(model);
  return transcodeGraph(request, graphSchema.parse(description), bytes);
};
const face = (model: string, describe: (weights: ReadonlyMap<string, Weight>) => Buffer) => () => {
  const { manifest, bytes } = readFaceApi(model);
  return describe(readWeights(manifest, bytes));
};

/** Makes the ONNX file of each network out of the packages. */
export const TRANSCODERS: Readonly<Record<NetworkName, () => Buffer>> = {
  'nudity-quick': keras('nudity-quick', 'mobilenet_v2', 1),
  'nudity-deep': keras('nudity-deep', 'inception_v3', 6),
  'face-boxes': graph('blazeface', {
    name: 'face-boxes',
    side: 256,
    mean: 127.5,
    divisor: 127.5,
    outputs: { scoresFine: 'Identity', scoresCoarse: 'Identity_1', boxesFine: 'Identity_2', boxesCoarse: 'Identity_3' },
  }),
  'face-flag': graph('facemesh', { name: 'face-flag', side: 192, mean: 0, divisor: 255, outputs: { flag: 'Identity_1' } }),
  'face-landmarks': face('face_landmark_68_model', landmarks),
  'face-descriptor': face('face_recognition_model', descriptor),
  'face-age': face('age_gender_model', apparentAge),
};
