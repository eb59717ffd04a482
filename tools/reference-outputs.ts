/**
 * Writes `src/detectors/networks/reference-outputs.json`: what the original networks answer to two neutral patterns, computed by
 * TensorFlow.js itself (its plain JavaScript kernels, as bundled in face-api) from the same packages. The test beside it compares the
 * transcoded networks with these. Needed again only when a package is updated: `npx tsx tools/reference-outputs.ts`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { patternFor } from '../src/detectors/networks/pattern.fixture.ts';
import { packageFolder, readFaceApi, readHuman, readNsfwjs } from './networks/packages.ts';
import { readWeights } from './networks/tfjs-weights.ts';

// The bundle looks for a browser or for Node's `require`; here it shall find neither.
Object.defineProperty(process, 'versions', { value: {} });
// biome-ignore-start lint/suspicious/noExplicitAny: a bundle without types of its own.
const faceapi: any = await import(join(packageFolder('@vladmandic/face-api'), 'dist/face-api.esm.js'));
const tf = faceapi.tf;
tf.env().setPlatform('here', {
  now: () => performance.now(),
  isTypedArray: (value: unknown) => ArrayBuffer.isView(value),
  encode: (text: string) => new TextEncoder().encode(text),
  decode: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
  setTimeoutCustom: setTimeout,
});
await tf.setBackend('cpu');

type Outputs = Readonly<Record<string, any>>;

async function graph(model: string, names: Readonly<Record<string, string>>): Promise<(input: any) => Outputs> {
  const { description, bytes } = readHuman(model) as any;
  const network = await tf.loadGraphModel({
    load: async () => ({
      modelTopology: description.modelTopology,
      weightSpecs: description.weightsManifest.flatMap((group: any) => group.weights),
      weightData: Uint8Array.from(bytes).buffer,
    }),
  });
  return (input) => {
    const outputs = network.execute(input, Object.values(names));
    return Object.fromEntries(Object.keys(names).map((name, i) => [name, Array.isArray(outputs) ? outputs[i] : outputs]));
  };
}

/** The layers of a Keras model in TensorFlow.js' own operators: the bundle has no layers API. */
function keras(model: string, shards: number): (input: any) => Outputs {
  const { description, bytes } = readNsfwjs(model, shards) as any;
  const weights = new Map(
    Array.from(readWeights(description.weightsManifest, bytes), ([name, { data, shape }]) => [name, tf.tensor(data, shape)]),
  );
  const act: any = { linear: (x: any) => x, relu: tf.relu, softmax: tf.softmax };
  return (input) => {
    const values = new Map<string, any>();
    let last: any;
    for (const { class_name, config, inbound_nodes } of description.modelTopology.model_config.config.layers) {
      const w = (suffix: string) => weights.get(`${config.name}/${suffix}`);
      const inputs = inbound_nodes.flat().map(([name]: any) => values.get(name));
      const [x] = inputs;
      const layers: any = {
        InputLayer: () => input,
        ZeroPadding2D: () => tf.pad(x, [[0, 0], ...config.padding, [0, 0]]),
        Conv2D: () => tf.conv2d(x, w('kernel'), config.strides, config.padding),
        DepthwiseConv2D: () => tf.depthwiseConv2d(x, w('depthwise_kernel'), config.strides, config.padding),
        BatchNormalization: () => tf.batchNorm(x, w('moving_mean'), w('moving_variance'), w('beta'), w('gamma'), config.epsilon),
        ReLU: () => tf.clipByValue(x, 0, 6),
        Activation: () => act[config.activation](x),
        MaxPooling2D: () => tf.maxPool(x, config.pool_size, config.strides, config.padding),
        AveragePooling2D: () => tf.avgPool(x, config.pool_size, config.strides, config.padding),
        Add: () => tf.addN(inputs),
        Concatenate: () => tf.concat(inputs, 3),
        Flatten: () => tf.reshape(x, [1, -1]),
        Dense: () => act[config.activation](tf.add(tf.matMul(x, w('kernel')), w('bias'))),
        Dropout: () => x,
      };
      last = layers[class_name]();
      values.set(config.name, last);
    }
    return { scores: last };
  };
}

function face(model: string, network: any, run: (network: any, input: any) => Outputs): (input: any) => Outputs {
  const { manifest, bytes } = readFaceApi(model);
  const map = Object.fromEntries(Array.from(readWeights(manifest, bytes), ([name, { data, shape }]) => [name, tf.tensor(data, shape)]));
  network.loadFromWeightMap(map);
  return (input) => run(network, new faceapi.NetInput([input]));
}

const scaled = (network: (input: any) => Outputs, mean: number, divisor: number) => (input: any) =>
  network(tf.div(tf.sub(input, mean), divisor));

const ORIGINALS: readonly (readonly [string, number, (input: any) => Outputs])[] = [
  ['nudity-quick', 224, scaled(keras('mobilenet_v2', 1), 0, 255)],
  ['nudity-deep', 299, scaled(keras('inception_v3', 6), 0, 255)],
  [
    'face-boxes',
    256,
    scaled(
      await graph('blazeface', {
        scoresFine: 'Identity',
        scoresCoarse: 'Identity_1',
        boxesFine: 'Identity_2',
        boxesCoarse: 'Identity_3',
      }),
      127.5,
      127.5,
    ),
  ],
  ['face-flag', 192, scaled(await graph('facemesh', { flag: 'Identity_1' }), 0, 255)],
  ['face-landmarks', 112, face('face_landmark_68_model', new faceapi.FaceLandmark68Net(), (net, x) => ({ points: net.runNet(x) }))],
  [
    'face-descriptor',
    150,
    face('face_recognition_model', new faceapi.FaceRecognitionNet(), (net, x) => ({ descriptor: net.forwardInput(x) })),
  ],
  ['face-age', 112, face('age_gender_model', new faceapi.AgeGenderNet(), (net, x) => net.runNet(x))],
];

/** Of a long answer this many values are kept, evenly spaced. */
const KEPT = 64;

const rows = ORIGINALS.flatMap(([network, side, run]) =>
  // The large one takes minutes in plain JavaScript.
  (network === 'nudity-deep' ? [1] : [1, 2]).map((seed) => {
    const outputs = run(tf.tensor(patternFor(side, seed), [1, side, side, 3]));
    const values = Object.fromEntries(
      Object.entries(outputs).map(([name, tensor]) => {
        const all = Array.from(tensor.dataSync() as Float32Array);
        const step = Math.max(1, Math.floor(all.length / KEPT));
        return [name, all.filter((_, i) => i % step === 0).map((value) => Number(value.toPrecision(8)))];
      }),
    );
    console.log(network, seed);
    return { network, seed, outputs: values };
  }),
);
// biome-ignore-end lint/suspicious/noExplicitAny: as above
writeFileSync('src/detectors/networks/reference-outputs.json', `${JSON.stringify({ tfjs: tf.version?.tfjs ?? tf.version, rows })}\n`);
