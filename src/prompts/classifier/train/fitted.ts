/** Weights before they are made small. */
export interface Fitted {
  readonly weights: Float32Array;
  readonly classWeights: Float32Array;
  readonly biases: Float32Array;
}
