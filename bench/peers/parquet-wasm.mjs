// JavaScript, because the types of what it imports are there only once the peers are installed.
import { tableFromArrays, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow'
import { Compression, Table, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm'

/** Writes columns of doubles and one of words as one file in memory; gives how long it is. */
export function write(doubles, words) {
  const table = tableFromArrays({ ...doubles, regime: vectorFromArray(words, new Utf8()) })
  const properties = new WriterPropertiesBuilder().setCompression(Compression.SNAPPY).build()
  return writeParquet(Table.fromIPCStream(tableToIPC(table, 'stream')), properties).length
}
