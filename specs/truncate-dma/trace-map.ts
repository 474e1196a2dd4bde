/** What the lines of `wait-allocated.trace` mean to `specs/truncate-dma.ts`. */
import { logMap } from 'kripke'

/** Gives each number or address the next member of a set: the first inode is `file1`. */
const namer = (prefix: string) => {
  const names = new Map<unknown, string>()
  return (value: unknown) => {
    if (!names.has(value)) names.set(value, `${prefix}${names.size + 1}`)
    return names.get(value)!
  }
}

export default logMap({
  format: 'ftrace',
  /** The log does not tell that a direct I/O breaks layouts, or that a truncate wakes up. */
  hidden: ['break', 'truncResume'],
  memory: () => ({ file: namer('file'), block: namer('block'), user: namer('user') }),

  event: ({ event, pid, fields }, { file, block, user }) => {
    const { ino, pfn, result } = fields
    switch (event) {
      case 'dax_alloc':
        return { action: 'alloc', bindings: { file: file(ino), block: block(pfn) } }
      case 'dax_gup_start':
        return { action: 'gupStart', bindings: { user: user(pid), block: block(pfn) } }
      case 'dax_dma_done':
        return { action: 'dmaDone', bindings: { user: user(pid) } }
      case 'dax_truncate_lock':
        return { action: 'truncLock', bindings: { file: file(ino) } }
      case 'dax_truncate_check':
        return {
          action: 'truncCheck',
          bindings: { file: file(ino) },
          observes: { truncate: { [file(ino)]: result === 'wait' ? 'waiting' : 'freeing' } },
        }
      case 'dax_truncate_free':
        return { action: 'truncFree', bindings: { file: file(ino) }, observes: { owner: { [block(pfn)]: 'free' } } }
      default:
        return undefined
    }
  },
})
