/** Lines about a run whose states do not fit into memory. */
import type { DiskNews } from '../../api/options.ts'
import { bytes, count, seconds } from '../show.ts'

/** The line for a piece of news. `folder` has the states. */
export function diskText(news: DiskNews, folder: string): string {
  if (news.kind === 'full') {
    return `memory is full at ${count(news.distinct)} states: from here on, states go to ${folder}`
  }
  const { depth, states, bytes: read, seconds: taken } = news
  return (
    `this graph is slow to explore on disk: level ${count(depth)} has ${count(states)} states, but reading the others ` +
    `(${bytes(read)}) took ${seconds(taken)} s; 100 such levels take ${seconds(100 * taken)} s. More --memory helps`
  )
}
