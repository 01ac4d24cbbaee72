declare module "*.wasm?url&inline" {
  /** The file as a "data:" URL in base64. */
  const url: string;
  // oxlint-disable-next-line import/no-default-export -- what the bundler makes of such an import
  export default url;
}
