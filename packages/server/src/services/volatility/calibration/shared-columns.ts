/** Copies a column to memory that threads share. */
export function toSharedColumn(values: Float64Array): Float64Array {
  const shared = new Float64Array(new SharedArrayBuffer(values.byteLength))
  shared.set(values)
  return shared
}

export function toSharedLabels(labels: Int8Array): Int8Array {
  const shared = new Int8Array(new SharedArrayBuffer(labels.byteLength))
  shared.set(labels)
  return shared
}
