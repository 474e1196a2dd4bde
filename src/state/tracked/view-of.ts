/** Makes the view of a composite place: a genuine immutable.js value to its user, reading slots only as they are needed. */
import type { ListShape, MapShape, RecordShape, SetShape } from '../shape.ts'
import { ListView } from './list-view.ts'
import { MapView } from './map-view.ts'
import type { Reader } from './reader.ts'
import { recordView } from './record-view.ts'
import { SetView } from './set-view.ts'

/** A view of the place; it behaves as the `Map`, `Set`, `List` or `Record` that decoding the place would give. */
export function viewOf(reader: Reader, shape: MapShape | SetShape | ListShape | RecordShape): unknown {
  switch (shape.kind) {
    case 'map':
      return new MapView(reader, shape).proxy
    case 'set':
      return new SetView(reader, shape).proxy
    case 'list':
      return new ListView(reader, shape).proxy
    case 'record':
      return recordView(reader, shape)
  }
}
