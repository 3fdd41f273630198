export declare const starterVariable: string
export declare function followStarter(
  onGone: () => void,
  env?: Readonly<Record<string, string | undefined>>,
): () => void
