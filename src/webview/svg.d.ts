/** What the build makes of a picture of one color. */
interface IconShape {
  box: string;
  rule: 'evenodd' | 'nonzero';
  paths: readonly string[];
}

declare module '*.svg' {
  const shape: IconShape;
  export default shape;
}
