import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OnnxGraph } from '../../../tools/networks/onnx-graph.ts';

/** An ONNX model of a few hundred bytes: how red, green and blue an 8 × 8 picture is on average. */
export function tinyModel(layout: 'NHWC' | 'NCHW' = 'NHWC', factor = 1): Buffer {
  const graph = new OnnxGraph();
  const mean = graph.node('ReduceMean', ['pixels'], { axes: layout === 'NHWC' ? [1, 2] : [2, 3], keepdims: 0 });
  const scores = factor === 1 ? mean : graph.node('Mul', [mean, graph.weights(Float32Array.of(factor), [1])]);
  const shape = layout === 'NHWC' ? [1, 8, 8, 3] : [1, 3, 8, 8];
  return graph.finish('tiny', { name: 'pixels', shape }, { colors: scores });
}

/** A folder with a model and its manifest, as a user would have it. */
export class ModelFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'model-'));

  write(name: string, content: Buffer | string): string {
    const path = join(this.path, name);
    writeFileSync(path, content);
    return path;
  }

  /** Ten lines; `more` replaces some of them. Gives the path of the manifest. */
  manifest(more: Readonly<Record<string, string>> = {}, model: Buffer = tinyModel()): string {
    this.write('tiny.onnx', model);
    const lines = {
      id: 'colors',
      file: 'tiny.onnx',
      sha256: createHash('sha256').update(model).digest('hex'),
      input: '{ name: pixels, layout: NHWC, size: 8 }',
      output: '{ name: colors }',
      labels: '[{ label: red, category: violence_gore, threshold: 0.8 }, green, { label: blue, category: hate }]',
      license: 'CC0-1.0',
      card: 'https://example.org/colors',
      coverage: '[{ category: hate, dataset: plain colors, n: 12, missed: 0, on: 2026-11-22 }]',
      ...more,
    };
    const text = Object.entries(lines).filter(([, value]) => value !== '');
    return this.write('colors.yaml', text.map(([key, value]) => `${key}: ${value}\n`).join(''));
  }

  close(): void {
    rmSync(this.path, { recursive: true });
  }
}
