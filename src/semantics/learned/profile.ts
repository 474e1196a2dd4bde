/** What learning an action took, in words an author can act on. */
import type { EvaluationProfile } from '../contract.ts'
import { slotsRead, type LearningProgress } from './tree-learner.ts'

/** The profile of an action from the progress of its instances. */
export function profileOf(progress: readonly LearningProgress[], referenceCalls: number): EvaluationProfile {
  const remark = progress.find((it) => it.remark !== undefined)?.remark
  return {
    evaluation: remark === undefined ? 'learned' : 'interpreted',
    specCalls: referenceCalls + progress.reduce((sum, { trackedCalls }) => sum + trackedCalls, 0),
    treeNodes: progress.reduce((sum, { nodes }) => sum + nodes, 0),
    slotsRead: progress.reduce((most, it) => Math.max(most, slotsRead(it)), 0),
    remark,
  }
}
