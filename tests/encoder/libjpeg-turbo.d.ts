/** libjpeg-turbo compiled to WebAssembly, for comparison. @see https://github.com/cornerstonejs/codecs */
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  export interface Decoder {
    /** @returns where to write the file */
    getEncodedBuffer(bytes: number): Uint8Array;
    decode(): void;
    getFrameInfo(): { readonly width: number; readonly height: number; readonly componentCount: number };
    /** @returns height × width × componentCount bytes, valid until the next file */
    getDecodedBuffer(): Uint8Array;
    delete(): void;
  }

  export default function create(options?: {
    readonly print?: (line: string) => void;
    readonly printErr?: (line: string) => void;
  }): Promise<{ readonly JPEGDecoder: new () => Decoder }>;
}
