/** What is used of the library, which brings no types. */
declare module 'gifenc' {
  /** RGB, or RGBA where the format says so. */
  type Palette = number[][];
  interface Encoder {
    writeFrame(
      pixels: Uint8Array,
      width: number,
      height: number,
      options: {
        palette?: Palette;
        /** Milliseconds. */
        delay?: number;
        transparent?: boolean;
        transparentIndex?: number;
        /** 1 leaves the frame where it is, under the next. */
        dispose?: number;
      },
    ): void;
    finish(): void;
    bytes(): Uint8Array;
  }
  export function GIFEncoder(): Encoder;
  /** @param pixels RGBA. */
  export function quantize(pixels: Uint8Array, maxColors: number): Palette;
}
