/** What the build makes of a picture of one colour. */
interface IconShape {
  box: string;
  rule: string;
  paths: readonly string[];
}

declare module '*.svg' {
  const shape: IconShape;
  export default shape;
}
