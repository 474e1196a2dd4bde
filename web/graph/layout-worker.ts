/** A thread of the page that lays graphs out. */
import { layOut, type LayoutTask } from './layout.ts'

onmessage = ({ data }: MessageEvent<{ readonly number: number; readonly task: LayoutTask }>) => {
  postMessage({ number: data.number, layout: layOut(data.task) })
}
