/** What the shell tells the engine process over its parent port. A port itself travels beside its message. */
export type EngineControl =
  | { readonly kind: "port" }
  /** The window may now open this file; it knows the token only. */
  | { readonly kind: "grant"; readonly token: string; readonly path: string; readonly name: string }
  /** The window may now have this file written. */
  | { readonly kind: "grantTarget"; readonly token: string; readonly path: string; readonly name: string }
  /** What kept traces may take from now on. */
  | { readonly kind: "limitTraceCache"; readonly bytes: number }
  | { readonly kind: "shutdown" };
